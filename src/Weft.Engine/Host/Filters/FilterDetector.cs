using Weft.Core.Model;
using Weft.Linux.Nft;

namespace Weft.Engine.Host.Filters;

/// <summary>
/// Finds base chains of others that drop what no rule of theirs lets through. A packet must pass every chain of a hook: an accept in Weft's own table
/// does not save it from these.
/// </summary>
internal static class FilterDetector
{
    /// <summary>NF_INET_* and, for the family bridge, NF_BR_*: the same numbers.</summary>
    private const uint PreRouting = 0, LocalIn = 1, Forward = 2, PostRouting = 4;

    /// <summary>The filters of the namespace of this thread.</summary>
    /// <exception cref="IOException">The kernel or iptables-legacy does not tell.</exception>
    public static IReadOnlyList<ForeignFilter> Detect()
    {
        using var socket = new NftSocket();
        return [.. Of(socket.Chains()).Select(Admission.Read).OfType<ForeignFilter>(), .. LegacyTables.Read()];
    }

    /// <summary>Those among these chains.</summary>
    internal static IEnumerable<ForeignFilter> Of(IReadOnlyList<NftChain> chains) => chains
        .Where(c => c.Hook is PreRouting or LocalIn or Forward or PostRouting && c.Family is "ip" or "ip6" or "inet" or "bridge" && !IsOurs(c))
        .GroupBy(c => (c.Family, c.Table))
        .SelectMany(table => FilterTool.Of(table.Key.Family, table.Key.Table, [.. chains.Where(c => c.Family == table.Key.Family && c.Table == table.Key.Table).Select(c => c.Name)])
            is var tool ? table.Select(c => Of(c, tool)).OfType<ForeignFilter>() : []);

    private static bool IsOurs(NftChain c) => c.Table == "weft" || c.Table.StartsWith("weft_", StringComparison.Ordinal);

    private static ForeignFilter? Of(NftChain c, FilterTool tool)
    {
        var reason = c.DropPolicy ? "policy drop" : c.Hook == Forward ? tool.Rejects : null;
        var input = c.Hook == LocalIn;
        return reason is null ? null : new(tool.Name, $"{c.Family} {c.Table} {c.Name}", reason, input ? tool.Input : tool.Forward) { Input = input };
    }
}
