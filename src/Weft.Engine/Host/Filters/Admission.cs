using System.Text.Json;
using Weft.Core.Model;
using Weft.Linux.Nft;

namespace Weft.Engine.Host.Filters;

/// <summary>Which bridges a filter of others lets through: those for which somebody did what the remedy says, or the like of it.</summary>
internal static class Admission
{
    private const string Other = " "; // the name of no link

    /// <summary>The filter with the bridges it admits; null when it admits all.</summary>
    public static ForeignFilter? Of(ForeignFilter filter, FilterWalk walk)
    {
        var chain = filter.Chain.Split(' ')[2];
        bool Admits(string bridge) => Packets(bridge, filter.Input).All(p => walk.Of(chain, p) == Fate.Passes);
        return Admits("  ") ? null : filter with { Admits = [.. walk.Links.Where(Admits)] };
    }

    /// <summary>The same, with the rules read from the kernel.</summary>
    public static ForeignFilter? Read(ForeignFilter filter)
    {
        if (filter.Chain.Split(' ') is not [var family and not "bridge", var table, _]) return filter;
        try
        {
            return Of(filter, new FilterWalk(NftText.Rules(family, table)));
        }
        catch (Exception e) when (e is IOException or JsonException) // gone meanwhile, or a libnftables without JSON: then it admits nobody, and the plan warns
        {
            return filter;
        }
    }

    // What machines begin, what answers it, and what comes through a forward; to the host, DHCP and DNS.
    private static IEnumerable<Dictionary<string, string>> Packets(string bridge, bool input) => input
        ? [ToHost(bridge, "67"), ToHost(bridge, "53")]
        : [Forwarded(bridge, Other, "new", ""), Forwarded(Other, bridge, "established", ""), Forwarded(Other, bridge, "new", "dnat")];

    private static Dictionary<string, string> ToHost(string bridge, string port) => new() { ["iifname"] = bridge, ["state"] = "new", ["status"] = "", ["l4proto"] = "udp", ["dport"] = port };

    private static Dictionary<string, string> Forwarded(string from, string to, string state, string status) => new() { ["iifname"] = from, ["oifname"] = to, ["state"] = state, ["status"] = status };
}
