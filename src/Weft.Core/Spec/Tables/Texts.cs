using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec.Shapes;

namespace Weft.Core.Spec.Tables;

/// <summary>Shapes of single values.</summary>
internal static class Texts
{
    // Editors check these roughly; the reader checks them exactly.
    private const string Address = @"[0-9A-Fa-f.:]+";

    public static readonly BoolShape Bool = new();

    public static readonly TextShape<string> Label = new("a name of a-z, 0-9 and '-', at most 63 long", SpecCodes.BadName, SpecText.LabelPattern,
        (string t, [MaybeNullWhen(false)] out string v) => SpecText.IsLabel(v = t), "names become DNS names: lower case, no '_', no '-' at either end");

    public static readonly TextShape<string> Domain = new("a domain such as weft or lab.example", SpecCodes.BadName, @"^[a-z0-9.-]{1,253}$",
        (string t, [MaybeNullWhen(false)] out string v) => SpecText.IsDomain(v = t));

    public static readonly TextShape<string> RecordName = new("a name such as _http._tcp or mail", SpecCodes.BadName, @"^[a-z0-9._-]{1,253}$",
        (string t, [MaybeNullWhen(false)] out string v) => SpecText.IsRecordName(v = t), "letters, digits and '-' between dots; a '_' begins a label");

    public static readonly TextShape<string> RecordText = new("a text of at most 255 characters", SpecCodes.BadName, null,
        (string t, [MaybeNullWhen(false)] out string v) => SpecText.IsRecordText(v = t), "printable ASCII without quotes and backslashes");

    public static readonly TextShape<string> AbsolutePath = new("an absolute path", SpecCodes.BadName, "^/", (string t, [MaybeNullWhen(false)] out string v) => (v = t).StartsWith('/'));

    public static readonly TextShape<string> Link = new("a link name such as eth1", SpecCodes.BadLink, SpecText.LinkPattern,
        (string t, [MaybeNullWhen(false)] out string v) => SpecText.IsLinkName(v = t), "at most 15 of letters, digits and _ . @ + -; not all or default, which the kernel keeps for its settings");

    public static readonly TextShape<IPAddress> Ip = new("an address such as 10.20.0.7 or fd00:20::7", SpecCodes.BadAddress, $"^{Address}$",
        IpPrefix.TryParseAddress, "no prefix length, no leading zeros");

    public static readonly TextShape<IpPrefix> Prefix = new("a network such as 10.20.0.0/24", SpecCodes.BadAddress, $"^{Address}/[0-9]{{1,3}}$",
        SpecText.TryPrefix, "an address and a prefix length, 0-32 for IPv4, 0-128 for IPv6");

    public static readonly TextShape<IpPrefix> Source = new("a network or an address such as 192.0.2.0/24", SpecCodes.BadAddress, $"^{Address}(/[0-9]{{1,3}})?$",
        IpPrefix.TryParse);

    public static readonly TextShape<AddressRange> Range = new("a range such as 10.20.0.10-10.20.0.99", SpecCodes.BadAddress, $"^{Address}( *- *{Address})?$",
        SpecText.TryAddressRange, "first and last address, in order and of one family");

    public static readonly TextShape<MacAddress> Mac = new("a MAC address such as 52:54:00:12:34:56", SpecCodes.BadMac, "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$",
        MacAddress.TryParse);

    public static readonly TextShape<VlanRange> Vlans = new("VLAN ids such as 10 or 20-30 (1-4094)", SpecCodes.BadVlan, "^[0-9]+( *- *[0-9]+)?$",
        SpecText.TryVlanRange) { Number = true };

    public static readonly TextShape<int> Duration = new("a duration such as 300s, 5m, 12h or 7d", SpecCodes.BadDuration, "^[0-9]+[smhd]?$",
        SpecText.TryDuration) { Number = true };

    public static readonly TextShape<Listen> Listen = new("ports to listen on such as tcp/8080", SpecCodes.BadListen, @"^(tcp|udp)/(\[[0-9A-Fa-f:.]+\]:|[0-9.]+:)?[0-9]+(-[0-9]+)?$",
        SpecText.TryListen, "tcp/80, udp/5000-5010, tcp/192.0.2.1:80 or tcp/[2001:db8::1]:80");

    public static readonly TextShape<Target> Target = new("a target such as web1:80", SpecCodes.BadTarget, null,
        SpecText.TryTarget, "web1, web1:80, 10.20.0.7:80 or [fd00:20::7]:80");

    public static readonly TextShape<Target> Host = new("a machine or an address such as web1 or 10.20.0.7", SpecCodes.BadTarget, null, HostOnly);

    public static readonly IntShape VlanId = new(1, 4094);

    private static bool HostOnly(string text, [MaybeNullWhen(false)] out Target target)
    {
        var read = SpecText.TryHost(text, out var machine, out var address);
        target = read ? new Target(machine, address, null) : null;
        return read;
    }
}
