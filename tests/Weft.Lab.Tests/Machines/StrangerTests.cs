using Weft.Engine.Machines;
using Weft.Lab.Tests.Netns.Policy;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>A link that somebody puts on a bridge of Weft's carries nothing before it is a machine's port, and then only what that may.</summary>
public sealed class StrangerTests
{
    private const string Mac = "52:54:00:00:00:0a", Neighbour = "52:54:00:00:00:0b", Forged = "02:66:66:66:66:66";
    private const string Project = $$"""
        version: 1
        name: lab
        networks:
          dev: { mode: nat, subnets: [10.20.0.0/24], dhcp: false, dns: false }
          office: { mode: bridge, uplink: eth1 }
        machines:
          web1: { network: dev, mac: "{{Mac}}", address: 10.20.0.10 }
          web2: { network: dev, mac: "{{Neighbour}}", address: 10.20.0.11 }
          desk1: { network: office, mac: "{{Mac}}" }
        """;

    // To all, to a neighbour, and forged ones of both.
    private static readonly byte[][] Frames4 =
    [
        Frames.Arp(Mac, Mac, "10.20.0.10", "10.20.0.11", 1), Frames.Udp4(Mac, Neighbour, "10.20.0.10", "10.20.0.11", 5000, 5000),
        Frames.Arp(Forged, Forged, "10.20.0.66", "10.20.0.1", 1), Frames.Udp4(Forged, Neighbour, "10.20.0.66", "10.20.0.11", 5000, 5000),
    ];

    [Fact]
    public void No_frame_reaches_another_machine_before_the_policy_is_in_force_and_no_forged_one_after()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using var neighbour = NetNamespace.Run(lab.Host, () => TapDevice.Open("wt-web2"));
        AwaitForwarding(lab, "wt-web2");
        using var blast = new Blast(lab, "vnet0", Frames4);
        lab.OnHost("ip link set vnet0 address fe:54:00:00:00:0a up");
        blast.Await(100);
        lab.OnHost("ip link set vnet0 master wb-dev");
        AwaitForwarding(lab, "vnet0");
        blast.Await(2000);
        Assert.Empty(Senders(neighbour, 0).Intersect([Mac, Forged]));
        // Where the kernel does not tell a frame's bridge, what is sent to all reaches the host's own ARP.
        if (lab.OnHost("nft list chain bridge weft prerouting").Contains("ibrname", StringComparison.Ordinal)) Assert.DoesNotContain("10.20.0.66", lab.OnHost("ip neigh show dev wb-dev"), StringComparison.Ordinal);
        Assert.Contains("counter strangers", lab.OnHost("nft list counters table bridge weft"), StringComparison.Ordinal);

        using var watch = new WatchRun(lab);
        Assert.Equal("web1", watch.Next(MachineEventKind.Attached, "vnet0").Port!.Machine);
        blast.Await(2000);
        Assert.Equal([Mac], Senders(neighbour, Talk.PatientMs).Intersect([Mac, Forged]));
    }

    [Fact]
    public void No_frame_leaves_by_the_uplink_before_the_policy_is_in_force_and_the_uplink_goes_on()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using var lan = NetNamespace.Run(lab.Lan, () =>
        {
            using var route = new RouteSocket();
            return new FirstFrame(route.Link("peer")!);
        });
        using var blast = new Blast(lab, "vnet0", Frames4);
        lab.OnHost("ip link set vnet0 up");
        lab.OnHost("ip link set vnet0 master wb-office");
        AwaitForwarding(lab, "vnet0");
        blast.Await(2000);
        Assert.Contains("1 received", lab.OnHost("ping -c 1 -W 20 198.51.100.1"), StringComparison.Ordinal);
        Assert.Empty(Senders(lan).Intersect([Mac, Forged]));

        using var watch = new WatchRun(lab);
        watch.Next(MachineEventKind.Blocked, "vnet0");
        watch.Watch.Hint("vnet0", new GuestIdentity(Core.Model.MacAddress.TryParse(Mac, out var mac) ? mac : null, null));
        Assert.Equal("desk1", watch.Next(MachineEventKind.Attached, "vnet0").Port!.Machine);
        Assert.True(SpinWait.SpinUntil(() => Senders(lan).Contains(Mac), Talk.PatientMs));
        blast.Await(2000);
        Assert.DoesNotContain(Forged, Senders(lan));
    }

    internal static void AwaitForwarding(EngineLab lab, string link) =>
        Assert.True(SpinWait.SpinUntil(() => lab.OnHost($"bridge link show dev {link}").Contains("state forwarding", StringComparison.Ordinal), Talk.PatientMs), $"{link} does not forward");

    private static HashSet<string> Senders(FirstFrame lan)
    {
        var senders = new HashSet<string>();
        while (lan.Sender() is { } sender) senders.Add(sender.ToString());
        return senders;
    }

    // All that has arrived; waits for the first.
    private static HashSet<string> Senders(TapDevice tap, int timeoutMs)
    {
        var (senders, frame) = (new HashSet<string>(), new byte[2000]);
        while (tap.Read(frame, senders.Count == 0 ? timeoutMs : 0) > 0) senders.Add(new MacAddress(frame.AsSpan(6, 6)).ToString());
        return senders;
    }
}
