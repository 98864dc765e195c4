using System.Net;
using System.Net.Sockets;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Puts values into dnsmasq's files. Its syntax has no quoting to rely on: a comma starts a field, a line end an option, a # a comment. Names were
/// checked when the spec was read; what reaches this place with other characters is refused, not escaped.
/// </summary>
internal static class DnsmasqText
{
    /// <summary>A link name. A trailing * would be a wildcard to dnsmasq, a colon an alias.</summary>
    /// <exception cref="DhcpException">It has characters that dnsmasq takes for syntax.</exception>
    internal static string Link(string name) =>
        name.Length is > 0 and <= 15 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '@' or '+') ? name
            : throw new DhcpException($"write dnsmasq's configuration: link name '{name}' has characters that dnsmasq takes for syntax; choose another with bridge:");

    /// <summary>A host or domain name (RFC 1123, and underscores).</summary>
    /// <exception cref="DhcpException">It is none.</exception>
    internal static string Name(string name) =>
        name.Length is > 0 and <= 253 && name.Split('.').All(IsLabel) ? name : throw new DhcpException($"write dnsmasq's configuration: '{name}' is no host or domain name");

    /// <summary>A path that stands alone on the right of an equals sign.</summary>
    /// <exception cref="DhcpException">It has a comma, a line end or another control character, a quote or a #.</exception>
    internal static string FilePath(string path) =>
        path.StartsWith('/') && !path.Any(c => c is <= ' ' or '\x7f' or ',' or '"' or '#' or '\\') ? path
            : throw new DhcpException($"write dnsmasq's configuration: path '{path}' has characters that dnsmasq takes for syntax; choose another directory");

    /// <summary>A text that may have commas and blanks: of a TXT record.</summary>
    /// <exception cref="DhcpException">It has a quote, a backslash or a control character.</exception>
    internal static string Quoted(string text) => Core.Spec.SpecText.IsRecordText(text) ? $"\"{text}\"" : throw new DhcpException("write dnsmasq's configuration: a TXT record has characters that dnsmasq takes for syntax");

    /// <summary>An address of an option or a host: IPv6 stands in brackets, so that its colons are none of a MAC's.</summary>
    internal static string Bracketed(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static bool IsLabel(string l) => l.Length is > 0 and <= 63 && l.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
