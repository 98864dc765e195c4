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
        Assert.True(IsAnswered(lab, "phone1", "10.100.0.1"));
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
        Assert.Equal([true, false, false], new[] { "10.10.0.1", "10.20.0.1", "198.51.100.1" }.Select(a => IsAnswered(lab, "web1", a)));
        Assert.Equal([false, true, false], new[] { "10.10.0.1", "10.20.0.1", "198.51.100.1" }.Select(a => IsAnswered(lab, "web2", a)));
        Assert.True(IsAnswered(lab, "desk1", "198.51.100.1"));
        Assert.Contains("1 received", lab.OnHost("ping -c 1 -W 5 198.51.100.1"), StringComparison.Ordinal);
    }

    /// <summary>Whether somebody answers the machine's ARP request for an address.</summary>
    private static bool IsAnswered(EngineLab lab, string machine, string address)
    {
        var port = lab.Allocations.Ports.Single(p => p.Machine == machine);
        return NetNamespace.Run(lab.Host, () =>
        {
            using var tap = TapDevice.Open(port.Tap);
            tap.Write(ArpPacket.RequestFrame(new MacAddress(port.Mac.Bytes), IPAddress.Any, IPAddress.Parse(address)));
            return Answer(tap, IPAddress.Parse(address));
        });
    }

    // A bridge port forwards from the moment it has carrier; an answer on a veth takes microseconds. A loaded machine gets two seconds.
    private static bool Answer(TapDevice tap, IPAddress address)
    {
        const int patience = 2000;
        var (frame, clock) = (new byte[2048], Stopwatch.StartNew());
        while (clock.ElapsedMilliseconds < patience)
        {
            var n = tap.Read(frame, Math.Max(0, patience - (int)clock.ElapsedMilliseconds));
            if (n > 0 && ArpPacket.TryParse(frame.AsSpan(0, n), out var arp) && !arp.Request && arp.Sender.Equals(address)) return true;
        }
        return false;
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
