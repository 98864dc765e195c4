using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Import.Libvirt;

/// <summary>Makes Weft's subnets and DHCP of the elements ip.</summary>
internal sealed class DhcpMapper(List<Ip> ips, bool dns, Notes notes)
{
    private const int UsualLease = 3600;
    private const int LongestLease = 365 * 86400;

    /// <summary>The subnets, with the ranges as pools.</summary>
    public ImmutableArray<SubnetSpec> Subnets() => [.. ips.Select(Subnet)];

    // Several ranges are one pool from the first to the last address; what lies between them is never given out.
    private static SubnetSpec Subnet(Ip ip)
    {
        var subnet = SourceText.Subnet(ip.Address, ip.At);
        var ranges = ip.Ranges.OrderBy(r => IpPrefix.ToNumber(r.First)).ToArray();
        if (ranges.Length == 0) return subnet;
        var (gaps, last) = (ImmutableArray.CreateBuilder<AddressRange>(), IpPrefix.ToNumber(ranges[0].Last));
        foreach (var r in ranges.Skip(1))
        {
            if (IpPrefix.ToNumber(r.First) > last + 1) gaps.Add(new(IpPrefix.FromNumber(last + 1, ip.Address.IsV4), IpPrefix.FromNumber(IpPrefix.ToNumber(r.First) - 1, ip.Address.IsV4)));
            last = UInt128.Max(last, IpPrefix.ToNumber(r.Last));
        }
        return subnet with { Pool = new AddressRange(ranges[0].First, IpPrefix.FromNumber(last, ip.Address.IsV4)), Exclude = gaps.ToImmutable() };
    }

    /// <summary>DHCP and router advertisements.</summary>
    public DhcpSpec Dhcp()
    {
        var (serves, v6) = (ips.Exists(i => i.Serves), ips.FindAll(i => !i.Address.IsV4));
        if (!serves && !dns && v6.Count == 0) return new DhcpSpec(false);
        var unknown = ips.Exists(i => i.Ranges.Count > 0);
        var dhcp = new DhcpSpec(null, Lease(), unknown) { Stateful6 = v6.Count == 0 || v6.Exists(i => i.Serves) };
        Tell(unknown);
        if (!serves) notes.Changed(ips[0].At, "no <dhcp>: Weft answers names and advertises routers only where it serves DHCP, so it serves declared machines (dhcp: { unknown: false })", "dhcp: false ends DHCP, router advertisements and names");
        return dhcp is { LeaseSeconds: UsualLease, Unknown: true, Stateful6: true } ? dhcp : dhcp with { Enabled = true };
    }

    private void Tell(bool unknown)
    {
        foreach (var ip in ips.Where(i => unknown && i.Ranges.Count == 0 && (i.Address.IsV4 || ips.Exists(o => !o.Address.IsV4 && o.Serves))))
            notes.Changed(ip.At, $"{ip.Address.Network} has no <range>; Weft gives out addresses of every subnet", $"reserve what must not be given out: exclude, or a pool, in {ip.Address.Network}");
        foreach (var h in ips.SelectMany(i => i.Hosts).Where(h => h.Lease is not null))
            notes.Lost(h.Lease!.Value.At, "<lease> of one <host>: a network has one lease time", "dhcp.lease is that of the network");
    }

    private int Lease()
    {
        var all = ips.SelectMany(i => i.Leases).ToArray();
        if (all.Length == 0) return UsualLease;
        foreach (var other in all.Where(l => l.Seconds != all[0].Seconds)) notes.Changed(other.At, "a second <lease>: a network has one lease time", "dhcp.lease is the first one");
        var (seconds, at) = all[0];
        if (seconds is > 0 and <= LongestLease) return (int)seconds;
        notes.Changed(at, "<lease>: endless, or longer than a year; it is a year now", "an address that a machine is to keep belongs to the machine: declare it under machines");
        return LongestLease;
    }
}
