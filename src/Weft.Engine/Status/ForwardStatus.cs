using System.Collections.Immutable;
using Weft.Core.Policy;
using Weft.Core.Resources;

namespace Weft.Engine.Status;

/// <summary>A forward or floating address with what went through it.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Listen">What is listened on: "tcp/8080", "tcp/192.0.2.10:443", or a floating address.</param>
/// <param name="To">Where it leads.</param>
/// <param name="Connections">Connections that were led through since it was made.</param>
/// <param name="Packets">Packets of its target, both directions; of all forwards that lead there; null for a floating address, whose are not counted.</param>
/// <param name="Bytes">Bytes of its target; null as before.</param>
public sealed record ForwardStatus(string Project, string Network, string Listen, string To, ulong Connections, ulong? Packets, ulong? Bytes)
{
    private static readonly ImmutableHashSet<string> Exact = Both(InetSets.Forward, InetSets.ForwardRange), Any = Both(InetSets.ForwardAny, InetSets.ForwardAnyRange);
    private static readonly ImmutableHashSet<string> Floating = Both(InetSets.Floating), Counts = Both(InetSets.Count);

    /// <summary>Makes forwards of counted elements.</summary>
    /// <param name="counted">Elements with their packets and bytes.</param>
    public static ImmutableArray<ForwardStatus> Of(IReadOnlyList<(NftElementResource Element, ulong Packets, ulong Bytes)> counted)
    {
        var targets = counted.Where(c => Counts.Contains(c.Element.Set)).ToLookup(c => c.Element.Fields[0]);
        return [.. counted.Select(c => Read(c.Element, c.Packets, targets)).OfType<ForwardStatus>().OrderBy(f => f.Project, StringComparer.Ordinal).ThenBy(f => f.Network, StringComparer.Ordinal).ThenBy(f => f.Listen, StringComparer.Ordinal)];
    }

    private static ForwardStatus? Read(NftElementResource e, ulong connections, ILookup<string, (NftElementResource Element, ulong Packets, ulong Bytes)> targets)
    {
        if (Floating.Contains(e.Set)) return new(e.Owner, e.Network, e.Fields[0], e.Data[0], connections, null, null);
        var any = Any.Contains(e.Set);
        if (!any && !Exact.Contains(e.Set)) return null;
        var (protocol, ports) = any ? (e.Fields[0], e.Fields[1]) : (e.Fields[1], e.Fields[2]);
        var inner = e.Data.Length > 1 ? e.Data[1] : ports;
        var through = targets[e.Data[0]].Where(t => t.Element.Fields[1] == protocol && Covers(t.Element.Fields[2], inner)).ToList();
        return new(e.Owner, e.Network, any ? $"{protocol}/{ports}" : $"{protocol}/{Host(e.Fields[0])}:{ports}", $"{Host(e.Data[0])}:{inner}", connections,
            through.Aggregate(0UL, (n, t) => n + t.Packets), through.Aggregate(0UL, (n, t) => n + t.Bytes));
    }

    private static bool Covers(string range, string ports)
    {
        var ((first, last), (low, high)) = (Range(range), Range(ports));
        return first <= high && low <= last;
    }

    private static (int First, int Last) Range(string text) =>
        text.IndexOf('-') is > 0 and var dash ? (int.Parse(text.AsSpan(0, dash)), int.Parse(text.AsSpan(dash + 1))) : (int.Parse(text), int.Parse(text));

    private static string Host(string address) => address.Contains(':') ? $"[{address}]" : address;

    private static ImmutableHashSet<string> Both(params ReadOnlySpan<Func<bool, string>> sets)
    {
        var names = ImmutableHashSet.CreateBuilder<string>();
        foreach (var set in sets) names.UnionWith([set(true), set(false)]);
        return names.ToImmutable();
    }
}
