using System.Diagnostics;
using System.Net;
using Weft.Engine;
using Weft.Linux.NetNs;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Bridges over what is no plain NIC, with frames on the wire: a bond, a VLAN of a NIC, VLANs of ports. Kernels without these skip them.</summary>
public sealed class UplinkKindTests
{
    [Fact]
    public void A_bond_gives_its_addresses_to_the_bridge_and_takes_them_back()
    {
        using var lab = new EngineLab();
        Demand(lab, "ip link add bond0 type bond mode active-backup", "bonds");
        foreach (var command in new[] { "ip address flush dev eth1", "ip link set eth1 down", "ip link set eth1 master bond0", "ip link set bond0 up", "ip address add 198.51.100.2/24 dev bond0" }) lab.OnHost(command);
        var before = lab.Picture();
        Assert.Equal(OutcomeKind.Committed, lab.Apply("version: 1\nname: lab\nnetworks: { office: { mode: bridge, uplink: bond0 } }\n").Kind);
        Assert.Contains("198.51.100.2/24", lab.OnHost("ip -br address show dev wb-office"), StringComparison.Ordinal);
        Assert.Contains("1 received", lab.OnHost("ping -c 1 -W 5 198.51.100.1"), StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.Committed, lab.Destroy("lab").Kind);
        lab.AssertIs(before, "after destroy");
    }

    [Fact]
    public void A_VLAN_of_a_NIC_carries_the_bridge_and_the_NIC_keeps_its_own_addresses()
    {
        using var lab = new EngineLab();
        Demand(lab, "ip link add link eth1 name probe0 type vlan id 5", "VLAN links");
        lab.OnHost("ip link del probe0");
        foreach (var command in new[] { "ip link add link peer name peer.100 type vlan id 100", "ip link set peer.100 up", "ip address add 10.100.0.1/24 dev peer.100" }) lab.OnLan(command);
        var before = lab.Picture();
        Assert.Equal(OutcomeKind.Committed, lab.Apply("version: 1\nname: lab\nnetworks: { voice: { mode: bridge, uplink: eth1.100 } }\nmachines: { phone1: voice }\n").Kind);
        Assert.Contains("198.51.100.2/24", lab.OnHost("ip -br address show dev eth1"), StringComparison.Ordinal);
        Assert.Equal(["10.100.0.1"], Answering(lab, "phone1", "10.100.0.1", []));
        Assert.Equal(OutcomeKind.Committed, lab.Destroy("lab").Kind);
        lab.AssertIs(before, "after destroy");
    }

    [Fact]
    public void A_port_reaches_its_own_VLAN_on_the_uplink_and_no_other()
    {
        using var lab = new EngineLab();
        Demand(lab, "ip link add probe0 type bridge vlan_filtering 1", "VLAN filtering");
        lab.OnHost("ip link del probe0");
        lab.OnLan("sysctl -qw net.ipv4.conf.all.arp_ignore=1"); // each VLAN answers for its own address only
        foreach (var vlan in new[] { 10, 20 })
            foreach (var command in new[] { $"ip link add link peer name peer.{vlan} type vlan id {vlan}", $"ip link set peer.{vlan} up", $"ip address add 10.{vlan}.0.1/24 dev peer.{vlan}" }) lab.OnLan(command);
        Assert.Equal(OutcomeKind.Committed, lab.Apply("""
            version: 1
            name: lab
            networks: { trunk: { mode: bridge, uplink: eth1, vlan: { native: 1, trunk: [10, 20] } } }
            machines:
              web1: { network: trunk, vlan: 10 }
              web2: { network: trunk, vlan: 20 }
              desk1: trunk
            """).Kind);
        Assert.Equal(["10.10.0.1"], Answering(lab, "web1", "10.10.0.1", ["10.20.0.1", "198.51.100.1"]));
        Assert.Equal(["10.20.0.1"], Answering(lab, "web2", "10.20.0.1", ["10.10.0.1", "198.51.100.1"]));
        Assert.Equal(["198.51.100.1"], Answering(lab, "desk1", "198.51.100.1", ["10.10.0.1", "10.20.0.1"]));
        Assert.Contains("1 received", lab.OnHost("ping -c 1 -W 5 198.51.100.1"), StringComparison.Ordinal);
    }

    /// <summary>
    /// Which addresses answer the machine's ARP requests: the others are asked once its own has answered, when the port is known to forward.
    /// </summary>
    private static string[] Answering(EngineLab lab, string machine, string own, string[] others)
    {
        var port = lab.Allocations.Ports.Single(p => p.Machine == machine);
        return NetNamespace.Run(lab.Host, () =>
        {
            using var tap = TapDevice.Open(port.Tap);
            var mac = new MacAddress(port.Mac.Bytes);
            if (!Ask(tap, mac, [own], AskedMs).Contains(own)) return [];
            return Ask(tap, mac, [own, .. others], SilenceMs).Order(StringComparer.Ordinal).ToArray();
        });
    }

    // The kernel tells a bridge of a port's carrier when it gets to it, within seconds where processors are emulated and shared.
    private const int AskedMs = 30_000;

    // An answer on a veth takes microseconds; a request goes out ten times in this time, and its own must be answered in it.
    private const int SilenceMs = 2_000;

    private const int AgainMs = 200;

    /// <summary>Repeats the requests until all are answered or the time is over; gives the addresses that answered.</summary>
    private static HashSet<string> Ask(TapDevice tap, MacAddress mac, string[] addresses, int patienceMs)
    {
        var (answered, clock) = (new HashSet<string>(), Stopwatch.StartNew());
        while (clock.ElapsedMilliseconds < patienceMs && answered.Count < addresses.Length)
        {
            foreach (var a in addresses) tap.Write(ArpPacket.RequestFrame(mac, IPAddress.Any, IPAddress.Parse(a)));
            answered.UnionWith(Heard(tap));
        }
        return answered;
    }

    private static IEnumerable<string> Heard(TapDevice tap)
    {
        var (frame, clock) = (new byte[2048], Stopwatch.StartNew());
        while (clock.ElapsedMilliseconds < AgainMs)
        {
            var n = tap.Read(frame, Math.Max(0, AgainMs - (int)clock.ElapsedMilliseconds));
            if (n > 0 && ArpPacket.TryParse(frame.AsSpan(0, n), out var arp) && !arp.Request) yield return arp.Sender.ToString();
        }
    }

    private static void Demand(EngineLab lab, string command, string what)
    {
        try
        {
            lab.OnHost(command);
        }
        catch (InvalidOperationException e)
        {
            Assert.Skip($"this kernel has no {what}: {e.Message}");
        }
    }
}
