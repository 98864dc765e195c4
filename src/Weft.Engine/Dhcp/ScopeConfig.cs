using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Core.Model;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>The lines of one scope. dnsmasq marks what comes in on a link with the link's name, and what is given from a range with the range's tag.</summary>
internal static class ScopeConfig
{
    // Seconds: dnsmasq's own interval of advertisements and the lifetime that RFC 4861 (6.2.1) derives from it, three intervals.
    private const int RaInterval = 600, RouterLifetime = 3 * RaInterval;

    internal static void Write(StringBuilder b, DhcpScopeResource s)
    {
        var link = DnsmasqText.Link(s.Link);
        b.Append(CultureInfo.InvariantCulture, $"interface={link}\ndhcp-option=tag:{link},option:mtu,{s.Mtu}\n");
        for (var i = 0; i < s.Ranges.Length; i++) Range(b, s, s.Ranges[i], $"{link}/{i}");
        if (s.Ranges.Any(r => !r.Subnet.IsV4)) b.Append(CultureInfo.InvariantCulture, $"ra-param={link},mtu:{s.Mtu},{RaInterval},{(s.Router ? RouterLifetime : 0)}\n");
        Names(b, s, link);
    }

    private static void Range(StringBuilder b, DhcpScopeResource s, DhcpRange r, string tag)
    {
        if (r.Subnet.IsV4) Range4(b, s, r, tag);
        else Range6(b, s, r, tag);
        if (s.Dns) b.Append(CultureInfo.InvariantCulture, $"domain={DnsmasqText.Name(s.Domain)},{r.Subnet.Network}\n");
    }

    private static void Range4(StringBuilder b, DhcpScopeResource s, DhcpRange r, string tag)
    {
        var mask = new IPAddress(IPAddress.HostToNetworkOrder((int)(uint.MaxValue << (32 - r.Subnet.Length))) & 0xffffffff);
        var span = r.StaticOnly ? $"{r.Subnet.Network.Address},static" : $"{r.First},{r.Last}";
        b.Append(CultureInfo.InvariantCulture, $"dhcp-range=set:{tag},{span},{mask},{s.LeaseSeconds}\n");
        // An option without a value is not sent at all.
        b.Append(CultureInfo.InvariantCulture, $"dhcp-option=tag:{tag},option:router{(s.Router ? $",{r.Gateway}" : "")}\n");
    }

    private static void Range6(StringBuilder b, DhcpScopeResource s, DhcpRange r, string tag)
    {
        if (r.Subnet.Length < 64) throw new DhcpException($"serve {r.Subnet} on {s.Link}: dnsmasq gives addresses of a /64 or longer; use a /64, or dhcp: false");
        var span = !r.Stateful ? $"{r.Subnet.Network.Address},ra-stateless" : r.StaticOnly ? $"{r.Subnet.Network.Address},static" : $"{r.First},{r.Last}";
        b.Append(CultureInfo.InvariantCulture, $"dhcp-range=set:{tag},{span},{r.Subnet.Length},{s.LeaseSeconds}\n");
    }

    private static void Names(StringBuilder b, DhcpScopeResource s, string link)
    {
        Servers(b, s, link, v4: true);
        Servers(b, s, link, v4: false);
        if (!s.Dns) return;
        if (DnsmasqConfig.AsksNobody(s)) OwnNamesOnly(b, s);
        foreach (var t in s.Texts) b.Append(CultureInfo.InvariantCulture, $"txt-record={DnsmasqText.Name($"{t.Name}.{s.Domain}")},{DnsmasqText.Quoted(t.Text)}\n");
        foreach (var v in s.Services)
            b.Append(CultureInfo.InvariantCulture, $"srv-host={DnsmasqText.Name($"{v.Name}.{s.Domain}")},{DnsmasqText.Name(v.Target.Contains('.', StringComparison.Ordinal) ? v.Target : $"{v.Target}.{s.Domain}")},{v.Port},{v.Priority},{v.Weight}\n");
        // Never asked upstream; the reverse names of the subnets neither.
        b.Append(CultureInfo.InvariantCulture, $"local=/{s.Domain}/\n");
        foreach (var r in s.Ranges) b.Append(CultureInfo.InvariantCulture, $"rev-server={r.Subnet.Network}\n");
        b.Append(CultureInfo.InvariantCulture, $"dhcp-option=tag:{link},option:domain-search,{s.Domain}\ndhcp-option=tag:{link},option6:domain-search,{s.Domain}\n");
    }

    // Who asks at these addresses is answered as by an authoritative server: the network's own names, and a refusal for all others. A machine without a
    // way out must not have one through its resolver. By address, not by link: dnsmasq gives no addresses on a link where it is authoritative.
    private static void OwnNamesOnly(StringBuilder b, DhcpScopeResource s)
    {
        var beside = s.Records.Where(r => !s.Ranges.Any(x => x.Subnet.Contains(r.Address))).Select(r => new IpPrefix(r.Address, new IpPrefix(r.Address, 0).Bits));
        b.Append(CultureInfo.InvariantCulture, $"auth-server={DnsmasqConfig.NoDomain},{string.Join(',', s.Ranges.Select(r => r.Gateway))}\n");
        b.Append(CultureInfo.InvariantCulture, $"auth-zone={s.Domain},{string.Join(',', s.Ranges.Select(r => r.Subnet.Network).Concat(beside).Distinct())}\n");
    }

    // Without a line dnsmasq tells its own address on the link; for IPv6 a link-local one, which applications cannot write into a URL or a file.
    private static void Servers(StringBuilder b, DhcpScopeResource s, string link, bool v4)
    {
        var own = s.Dns && s.DnsServers.IsEmpty;
        if (own && v4) return;
        var told = own ? s.Ranges.Select(r => r.Gateway) : s.DnsServers;
        var list = string.Concat(told.Where(a => v4 == (a.AddressFamily == AddressFamily.InterNetwork)).Select(a => "," + DnsmasqText.Bracketed(a)));
        b.Append(CultureInfo.InvariantCulture, $"dhcp-option=tag:{link},{(v4 ? "option" : "option6")}:dns-server{list}\n");
    }
}
