using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weft.Core.Model;

namespace Weft.Core.Spec;

/// <summary>The small texts of the file: names, ranges, durations, forwards. Reading never throws.</summary>
public static partial class SpecText
{
    /// <summary>A DNS label in lower case (RFC 1123): letters, digits and '-', 1 to 63 of them, no '-' at either end.</summary>
    public const string LabelPattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

    /// <summary>A link name the kernel takes (dev_valid_name: at most 15 bytes, no '/', ':' or white space) and generated files can hold.</summary>
    public const string LinkPattern = "^(?!(all|default)$)[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,14}$";

    [GeneratedRegex(LabelPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Label();

    [GeneratedRegex(LinkPattern, RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    /// <summary>True for a name of a project, network or machine.</summary>
    public static bool IsLabel(string text) => Label().IsMatch(text) && !text.EndsWith('\n');

    /// <summary>True for a link name.</summary>
    public static bool IsLinkName(string text) => Link().IsMatch(text) && !text.EndsWith('\n');

    /// <summary>True for one or more labels joined by dots, at most 253 characters (RFC 1035).</summary>
    public static bool IsDomain(string text) => text.Length <= 253 && text.Split('.').All(IsLabel);

    /// <summary>True for a name of DNS that may have labels with '_', as those of services and keys have ("_http._tcp").</summary>
    public static bool IsRecordName(string text) => text.Length <= 253 && text.Split('.').All(l => IsLabel(l) || (l.StartsWith('_') && IsLabel(l[1..])));

    /// <summary>True for the text of a TXT record: printable ASCII without quotes and backslashes, at most 255 characters (RFC 1035 3.3).</summary>
    public static bool IsRecordText(string text) => text.Length is > 0 and <= 255 && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));

    /// <summary>Reads a prefix written with its length: "10.20.0.0/24".</summary>
    public static bool TryPrefix(string text, out IpPrefix prefix) =>
        IpPrefix.TryParse(text, out prefix) && text.Contains('/', StringComparison.Ordinal);

    /// <summary>Reads "10.20.0.10-10.20.0.99" or one address. Both ends are of one family and in order.</summary>
    public static bool TryAddressRange(string text, out AddressRange range)
    {
        range = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (!IpPrefix.TryParseAddress((dash < 0 ? text : text[..dash]).Trim(), out var first)) return false;
        var last = first;
        if (dash >= 0 && !IpPrefix.TryParseAddress(text[(dash + 1)..].Trim(), out last)) return false;
        range = new AddressRange(first, last);
        return first.AddressFamily == last.AddressFamily && IpPrefix.ToNumber(first) <= IpPrefix.ToNumber(last);
    }

    /// <summary>Reads "10" or "20-30"; ids are 1 to 4094 (802.1Q).</summary>
    public static bool TryVlanRange(string text, out VlanRange range)
    {
        var read = TryNumbers(text, 4094, out var first, out var last);
        range = new VlanRange(first, last);
        return read;
    }

    /// <summary>Reads "80" or "8080-8090"; ports are 1 to 65535.</summary>
    public static bool TryPortRange(string text, out PortRange range)
    {
        var read = TryNumbers(text, 65535, out var first, out var last);
        range = new PortRange(first, last);
        return read;
    }

    /// <summary>Reads seconds: "300", "300s", "5m", "12h", "7d".</summary>
    public static bool TryDuration(string text, out int seconds)
    {
        seconds = 0;
        if (text.Length == 0) return false;
        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (!int.TryParse(unit == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)) return false;
        var total = (long)n * Math.Max(unit, 1);
        seconds = (int)Math.Min(total, int.MaxValue);
        return total <= int.MaxValue;
    }

    /// <summary>Reads "tcp/8080", "udp/192.0.2.1:5000-5010", "tcp/[2001:db8::1]:80".</summary>
    public static bool TryListen(string text, [MaybeNullWhen(false)] out Listen listen)
    {
        listen = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Protocol(text[..slash]) is not { } protocol) return false;
        if (!TrySplit(text[(slash + 1)..], out var host, out var ports) || !TryPortRange(ports, out var range)) return false;
        IPAddress? address = null;
        if (host.Length > 0 && !IpPrefix.TryParseAddress(host, out address)) return false;
        listen = new Listen(protocol, address, range);
        return true;
    }

    /// <summary>Reads "web1", "web1:80", "10.20.0.7:80-90", "[fd00::7]:80", or a bare address.</summary>
    public static bool TryTarget(string text, [MaybeNullWhen(false)] out Target target)
    {
        target = null;
        PortRange? ports = null;
        if (!IpPrefix.TryParseAddress(text, out _))
        {
            var colon = text.LastIndexOf(':');
            if (colon >= 0)
            {
                if (!TryPortRange(text[(colon + 1)..], out var range)) return false;
                ports = range;
                text = text[..colon];
            }
        }
        if (!TryHost(text, out var machine, out var address)) return false;
        target = new Target(machine, address, ports);
        return true;
    }

    /// <summary>Reads a machine's name or an address.</summary>
    public static bool TryHost(string text, out string? machine, out IPAddress? address)
    {
        machine = null;
        var bare = text.Length > 2 && text[0] == '[' && text[^1] == ']' ? text[1..^1] : text;
        if (IpPrefix.TryParseAddress(bare, out address!)) return true;
        address = null;
        machine = IsLabel(text) ? text : null;
        return machine is not null;
    }

    private static ForwardProtocol? Protocol(string text) => text switch { "tcp" => ForwardProtocol.Tcp, "udp" => ForwardProtocol.Udp, _ => null };

    /// <summary>"[v6]:ports", "v4:ports" or "ports".</summary>
    private static bool TrySplit(string text, out string host, out string ports)
    {
        var colon = text.LastIndexOf(':');
        host = colon < 0 ? "" : text[..colon];
        ports = text[(colon + 1)..];
        if (colon == 0) return false;
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (host.Contains(':', StringComparison.Ordinal) != bracketed) return false;
        if (bracketed) host = host[1..^1];
        return true;
    }

    private static bool TryNumbers(string text, int max, out int first, out int last)
    {
        last = 0;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (!TryNumber(dash < 0 ? text : text[..dash], max, out first)) return false;
        last = first;
        return (dash < 0 || TryNumber(text[(dash + 1)..], max, out last)) && first <= last;
    }

    private static bool TryNumber(string text, int max, out int n) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out n) && n >= 1 && n <= max;
}

/// <summary>What a forward listens on.</summary>
/// <param name="Protocol">tcp or udp.</param>
/// <param name="Address">Outer address; null for all.</param>
/// <param name="Ports">Outer ports.</param>
public sealed record Listen(ForwardProtocol Protocol, IPAddress? Address, PortRange Ports);

/// <summary>Where a forward leads, as written.</summary>
/// <param name="Machine">A machine of the file, or null.</param>
/// <param name="Address">An address, or null.</param>
/// <param name="Ports">Inner ports; null means the outer ones.</param>
public sealed record Target(string? Machine, IPAddress? Address, PortRange? Ports);
