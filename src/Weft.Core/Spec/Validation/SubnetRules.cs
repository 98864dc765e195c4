using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Spec.Validation;

/// <summary>Each subnet by itself, and what it is used for.</summary>
internal static class SubnetRules
{
    private const int SmallestV4 = 30;
    private const int SmallestV6 = 126;
    private const int SlaacLength = 64;
    private const int MinMtu6 = 1280;

    private static readonly (IpPrefix Prefix, string What)[] Special =
    [
        (IpPrefix.Parse("0.0.0.0/8"), "\"this network\" (RFC 791)"),
        (IpPrefix.Parse("127.0.0.0/8"), "the loopback"),
        (IpPrefix.Parse("169.254.0.0/16"), "link-local (RFC 3927)"),
        (IpPrefix.Parse("224.0.0.0/3"), "multicast or reserved"),
        (IpPrefix.Parse("::/127"), "the loopback"),
        (IpPrefix.Parse("::ffff:0:0/96"), "IPv4 inside IPv6"),
        (IpPrefix.Parse("fe80::/10"), "link-local (every link has it)"),
        (IpPrefix.Parse("ff00::/8"), "multicast"),
    ];

    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        foreach (var n in p.Networks)
        {
            foreach (var s in n.Subnets) CheckSubnet(n, s, faults);
            CheckMtu(n, faults);
            CheckDhcp(n, faults);
        }
    }

    private static void CheckSubnet(NetworkSpec n, SubnetSpec s, DiagnosticBag faults)
    {
        var net = s.Prefix.Network;
        if (net.First != IpPrefix.ToNumber(s.Prefix.Address))
            faults.Error(RuleCodes.HostBits, s.At, $"{n.Title()}: {s.Prefix} has host bits set", $"write {net}; the host's own address goes into gateway");
        if (Array.Find(Special, x => x.Prefix.Overlaps(net)) is { What: { } what })
            faults.Error(RuleCodes.SpecialSubnet, s.At, $"{n.Title()}: {net} is {what}", "choose from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fd00::/8 or your own addresses");
        if (net.Length > (net.IsV4 ? SmallestV4 : SmallestV6))
            faults.Error(RuleCodes.SubnetSize, s.At, $"{n.Title()}: {net} has no room for the host and a machine", $"at most /{(net.IsV4 ? SmallestV4 : SmallestV6)}");
        else CheckInside(n, s, net, faults);
        CheckSlaac(n, s, net, faults);
    }

    private static void CheckInside(NetworkSpec n, SubnetSpec s, IpPrefix net, DiagnosticBag faults)
    {
        if (s.Gateway is { } g && (!net.Contains(g) || net.IsEdge(g)))
            faults.Error(RuleCodes.Gateway, s.At, $"{n.Title()}: gateway {g} {(net.Contains(g) ? "is the network or broadcast address of" : "is not in")} {net}", $"the first is {net.Nth(1)}");
        if (s.Pool is { } pool && !Inside(net, pool)) Outside("pool", pool);
        foreach (var x in s.Exclude) if (!Inside(net, x)) Outside("exclude", x);

        void Outside(string key, AddressRange r) => faults.Error(RuleCodes.Pool, s.At, $"{n.Title()}: {key} {r.First}-{r.Last} is not inside {net}", $"{net} is {net.Nth(0)} to {net.Nth(-1)}");
    }

    private static bool Inside(IpPrefix net, AddressRange r) => net.Contains(r.First) && net.Contains(r.Last);

    private static void CheckSlaac(NetworkSpec n, SubnetSpec s, IpPrefix net, DiagnosticBag faults)
    {
        if (net.IsV4 || net.Length == SlaacLength || !ServesDhcp(n)) return;
        if (!n.Dhcp.Stateful6)
            faults.Error(RuleCodes.Slaac, s.At, $"{n.Title()}: machines make no address of their own in {net}: that needs a /64 (RFC 4862)", "use a /64, or stateful6: true");
        else
            faults.Warn(RuleCodes.Slaac, s.At, $"{n.Title()}: {net} is no /64, so machines without DHCPv6 (Android, some embedded systems) get no address in it");
    }

    private static void CheckMtu(NetworkSpec n, DiagnosticBag faults)
    {
        if (n.Mtu is not < MinMtu6 || !n.Subnets.Any(s => !s.Prefix.IsV4)) return;
        faults.Error(RuleCodes.Mtu6, n.At, $"{n.Title()}: mtu {n.Mtu} is too small for IPv6, which needs {MinMtu6} (RFC 8200)", $"mtu: {MinMtu6} or more, or no IPv6 subnet");
    }

    private static void CheckDhcp(NetworkSpec n, DiagnosticBag faults)
    {
        if (n is not BridgeNetworkSpec bridge || n.Dhcp.Enabled != true || n.Incomplete) return;
        if (n.Subnets.IsEmpty)
            faults.Error(RuleCodes.DhcpWithoutSubnet, n.At, $"{n.Title()}: dhcp has no addresses to give out", "declare subnets, or leave DHCP to the network's own server");
        else if (bridge.Uplink is not null)
            faults.Warn(RuleCodes.DhcpOnUplink, n.At, $"{n.Title()}: its DHCP server answers everybody behind {bridge.Uplink.LinkName()}", "two DHCP servers on one network disturb each other");
    }

    private static bool ServesDhcp(NetworkSpec n) => n.Dhcp.Enabled ?? n is NatNetworkSpec;
}
