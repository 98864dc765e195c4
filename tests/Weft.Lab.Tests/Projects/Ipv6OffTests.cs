using Weft.Engine;
using Weft.Lab.Tests.Reconcile;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>A host on which IPv6 is switched off while a project has it.</summary>
public sealed class Ipv6OffTests
{
    [Theory]
    [InlineData("")]
    [InlineData("ip link delete wb-office")]
    public void A_project_goes_and_what_the_kernel_took_is_not_missed(string byHand)
    {
        using var lab = new EngineLab();
        var before = Ipv4(lab);
        Assert.Equal(OutcomeKind.Committed, lab.Apply(DriftTests.Project).Kind);
        lab.OnHost("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
        if (byHand.Length > 0) lab.OnHost(byHand);
        var outcome = lab.Destroy("lab");
        Assert.True(outcome.Kind == OutcomeKind.Committed, $"{outcome.Why}\n{string.Join('\n', outcome.Left)}");
        Assert.DoesNotContain("wb-", lab.OnHost("ip -br link"), StringComparison.Ordinal);
        Assert.Equal(before, Ipv4(lab));
    }

    private static string Ipv4(EngineLab lab) => lab.OnHost("ip -4 -br address show dev eth1") + lab.OnHost("ip -4 route show table all dev eth1");
}
