using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>weft libvirt-hook, called as libvirt calls its hooks.</summary>
public sealed class LibvirtHookTests
{
    private const string Project = """
        version: 1
        name: lab
        networks: { dev: { mode: nat, subnets: [10.20.0.0/24], dhcp: false, dns: false } }
        machines: { web1: { network: dev, mac: "52:54:00:00:00:0a" } }
        """;

    [Fact]
    public void A_domain_that_starts_gets_its_port_and_one_that_ends_gives_it_back()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using (var tap = NetNamespace.Run(lab.Host, () => TapDevice.Open("vnet0")))
        {
            lab.OnHost("ip link set vnet0 address fe:54:00:00:00:0a master wb-dev up");
            Assert.Equal(new Ended(0, "", ""), Hook(lab, "prepare", "52:54:00:00:00:0a"));
            Assert.Null(Link(lab));
            Assert.Equal(new Ended(0, "", ""), Hook(lab, "start", "52:54:00:00:00:0a"));
            Assert.Equal("vnet0", Link(lab));
        }
        Assert.Equal(new Ended(0, "", ""), Hook(lab, "release", "52:54:00:00:00:0a"));
        Assert.Null(Link(lab));
    }

    [Fact]
    public void What_carries_nothing_is_said_and_what_is_no_domain_refused()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using var tap = NetNamespace.Run(lab.Host, () => TapDevice.Open("vnet0"));
        lab.OnHost("ip link set vnet0 master wb-dev up");
        var unknown = Hook(lab, "start", "52:54:00:00:00:99");
        Assert.Equal((0, ""), (unknown.ExitCode, unknown.Output));
        Assert.Contains("vnet0 on network dev carries nothing: no port is known for machine other or MAC 52:54:00:00:00:99", unknown.Errors, StringComparison.Ordinal);
        Assert.NotEqual(0, WeftProgram.RunProgram(WeftProgram.Path, Arguments(lab, "start"), "no XML").ExitCode);
    }

    private static string? Link(EngineLab lab) => lab.Allocations.Ports.Single().Link;

    private static string[] Arguments(EngineLab lab, string operation) => ["--netns", lab.Host, "--state", lab.State, "libvirt-hook", "other", operation, "begin", "-"];

    private static Ended Hook(EngineLab lab, string operation, string mac) => WeftProgram.RunProgram(WeftProgram.Path, Arguments(lab, operation),
        $"<domain><name>other</name><devices><interface type='network'><mac address='{mac}'/><source network='lab.dev'/><target dev='vnet0'/></interface></devices></domain>");
}
