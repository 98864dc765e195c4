using Weft.Core.Resources;
using Weft.Engine;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Hosts, and hands on them, that are not as in the book.</summary>
public sealed class OddHostTests
{
    private const string Both = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: eth1 }
          dev: { mode: nat, uplink: eth0, subnets: [10.20.0.0/24, "fd00:20::/64"] }
        machines:
          app1: dev
          desk1: office
        """;

    [Fact]
    public void What_was_deleted_by_hand_before_a_destroy_leaves_nothing_behind()
    {
        using var lab = new EngineLab();
        var before = lab.Picture();
        Done(lab.Apply(Both));
        foreach (var link in new[] { "wt-app1", "wb-dev", "wb-office", "eth0" }) lab.OnHost($"ip link delete {link}");
        Done(lab.Destroy("lab"));
        Assert.DoesNotContain("wb-", lab.OnHost("ip link"), StringComparison.Ordinal);
        Assert.Empty(lab.OnHost("nft list ruleset"));
        const string other = "version: 1\nname: other\nnetworks: { dev: { mode: nat, uplink: eth1, subnets: [10.20.0.0/24] } }\n";
        Done(lab.Apply(other));
        Assert.True(lab.Plan(other).IsEmpty);
    }

    [Fact]
    public void A_runtime_directory_that_was_deleted_is_made_again_and_dnsmasq_with_it()
    {
        using var lab = new EngineLab();
        Done(lab.Apply(Both));
        DeleteRuntime(lab);
        Assert.Contains(lab.Plan(Both).Plan.Steps, s => s.Key.Kind == ResourceKind.DhcpScope);
        Done(lab.Apply(Both));
        Assert.True(lab.Plan(Both).IsEmpty);
        Assert.Single(Dnsmasqs(lab));
        DeleteRuntime(lab);
        Done(lab.Destroy("lab"));
        Assert.Empty(Dnsmasqs(lab));
    }

    [Fact]
    public void A_NIC_that_was_down_is_down_again_with_its_addresses()
    {
        using var lab = new EngineLab();
        lab.OnHost("ip link set eth1 down");
        var before = lab.Picture();
        Done(lab.Apply(Both));
        Done(lab.Destroy("lab"));
        lab.AssertIs(before, "after destroy");
        Assert.Contains("198.51.100.2/24", lab.OnHost("ip address show dev eth1"), StringComparison.Ordinal);
        Assert.DoesNotContain(",UP", lab.OnHost("ip link show dev eth1"), StringComparison.Ordinal);
    }

    private static void DeleteRuntime(EngineLab lab) => Directory.Delete(EnginePaths.Of(lab.Host, lab.State).Run, true);

    private static IEnumerable<System.Diagnostics.Process> Dnsmasqs(EngineLab lab) => global::Weft.Tests.NetnsProcesses.Of(lab.Host).Where(p => p.ProcessName == "dnsmasq");

    private static void Done(Outcome outcome) => Assert.True(outcome.Kind == OutcomeKind.Committed, outcome.Why);
}
