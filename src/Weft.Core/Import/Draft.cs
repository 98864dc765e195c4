using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Import;

/// <summary>A network on its way into the project, with the machines that the source knows on it.</summary>
/// <param name="Network">The network; its name is settled by <see cref="Assembler"/>.</param>
/// <param name="Notes">What was found about it.</param>
internal sealed record Draft(NetworkSpec Network, Notes Notes)
{
    /// <summary>Its machines.</summary>
    public List<DraftMachine> Machines { get; init; } = [];

    /// <summary>The DNS domain that its names had; null for none.</summary>
    public string? Domain { get; init; }
}

/// <summary>A machine on one network.</summary>
internal sealed record DraftMachine(string Name, PortSpec Port);

/// <summary>Names of other programs as names of Weft.</summary>
internal static class Labels
{
    private const int Longest = 63;

    /// <summary>The nearest DNS label (lower case, digits, '-'); "" when nothing is left of the text.</summary>
    public static string Of(string text)
    {
        var label = string.Concat(text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return label.Length <= Longest ? label : label[..Longest].TrimEnd('-');
    }

    /// <summary>The text, or the text with the first number behind it that nobody has.</summary>
    public static string Free(string label, Func<string, bool> isTaken)
    {
        if (!isTaken(label)) return label;
        for (var n = 2; ; n++)
        {
            var candidate = $"{label[..Math.Min(label.Length, Longest - 8)].TrimEnd('-')}-{n}";
            if (!isTaken(candidate)) return candidate;
        }
    }
}

/// <summary>What the readers of several formats ask of texts.</summary>
internal static class SourceText
{
    /// <summary>A MAC as other programs write it: bytes of one or two digits, ':' or '-' between them.</summary>
    public static bool TryMac(string text, out MacAddress mac)
    {
        mac = default;
        var parts = text.Split(text.Contains(':', StringComparison.Ordinal) ? ':' : '-');
        return parts.All(p => p.Length is 1 or 2) && MacAddress.TryParse(string.Join(':', parts.Select(p => p.PadLeft(2, '0'))), out mac);
    }

    /// <summary>Length of a netmask, or null when its ones are not all in front.</summary>
    public static int? MaskLength(IPAddress mask)
    {
        var n = (uint)IpPrefix.ToNumber(mask);
        var length = System.Numerics.BitOperations.PopCount(n);
        return length == 0 || n == uint.MaxValue << (32 - length) ? length : null;
    }

    /// <summary>A subnet with the host's own address in it, which is left out where it is the first.</summary>
    public static SubnetSpec Subnet(IpPrefix address, Location at)
    {
        var network = address.Network;
        return new SubnetSpec(network) { At = at, Gateway = IpPrefix.ToNumber(address.Address) == network.First + 1 ? null : address.Address };
    }
}
