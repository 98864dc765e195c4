using System.Globalization;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads values as libvirt does (src/conf/network_conf.c, src/util/virxml.c), and says what it would refuse.</summary>
internal static class Values
{
    /// <summary>yes or no; null when it is not there or wrong (reported).</summary>
    public static bool? YesNo(this XmlElement e, string key, Notes notes)
    {
        if (e.Attribute(key) is not { } a) return null;
        if (a.Value is "yes" or "no") return a.Value == "yes";
        notes.Bad(a.At, $"<{e.Name} {key}>: {Notes.Q(a.Value)} is neither yes nor no");
        return null;
    }

    /// <summary>A number; null when it is not there or wrong (reported).</summary>
    public static long? Number(this XmlElement e, string key, long most, Notes notes)
    {
        if (e[key] is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= most) return n;
        notes.Bad(e.Place(key), $"<{e.Name} {key}>: {Notes.Q(text)} is no number of 0 to {most}");
        return null;
    }

    /// <summary>An address; null when it is not there or wrong (reported).</summary>
    public static IPAddress? Address(this XmlElement e, string key, Notes notes)
    {
        if (e[key] is not { } text) return null;
        if (IpPrefix.TryParseAddress(text, out var a)) return a;
        notes.Bad(e.Place(key), $"<{e.Name} {key}>: {Notes.Q(text)} is no address");
        return null;
    }

    /// <summary>An attribute that must be there; null when it is not (reported).</summary>
    public static string? Required(this XmlElement e, string key, Notes notes)
    {
        if (e[key] is { } text) return text;
        notes.Missing(e.At, $"<{e.Name}> has no attribute {key}");
        return null;
    }

    /// <summary>An address that must be there.</summary>
    public static IPAddress? RequiredAddress(this XmlElement e, string key, Notes notes) => e.Required(key, notes) is null ? null : e.Address(key, notes);

    /// <summary>The name of a link, if Weft's file takes it; null when it is not there or cannot be (reported).</summary>
    public static string? Link(this XmlElement e, string key, Notes notes)
    {
        if (e[key] is not { } text) return null;
        if (SpecText.IsLinkName(text)) return text;
        if (!text.Contains('%', StringComparison.Ordinal)) notes.Bad(e.Place(key), $"<{e.Name} {key}>: {Notes.Q(text)} is no name of a link", "at most 15 of letters, digits and _ . @ + -");
        return null;
    }

    /// <summary>A domain in lower case, as DNS compares it; null when it is none that Weft's file takes.</summary>
    public static string? Domain(string text) => text.TrimEnd('.').ToLowerInvariant() is var domain && SpecText.IsDomain(domain) ? domain : null;
}
