using System.Net;
using Weft.Core.Model;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Conntrack;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers.Nft;

/// <summary>
/// What fewer sources may use than before: forwards, floating addresses and routed networks that got a restriction, or lost an allowed source. Who may use them
/// is read from the kernel when all steps are through. Not asked there, and so not cut, are the host's own connections and those inside a network.
/// </summary>
internal sealed class NarrowedGates(NftReader reader)
{
    private static readonly (string Guard, string Allow)[] s_gates = [.. new[] { true, false }.SelectMany<bool, (string, string)>(v4 =>
        [(InetSets.Guard(v4), InetSets.Allow(v4)), (InetSets.GuardAny(v4), InetSets.AllowAny(v4)), (InetSets.FloatingGuard(v4), InetSets.FloatingAllow(v4)), (InetSets.RoutedGuard, InetSets.RoutedAllow(v4))])];

    private readonly HashSet<(string Guard, string Allow, string Fields)> _gates = [];

    public bool IsEmpty => _gates.Count == 0;

    /// <summary>Notes a gate that a step makes, and one that it takes a source from.</summary>
    public void Note(Step step)
    {
        var (added, gone) = (step.Before is null ? step.After as NftElementResource : null, step.After is null ? step.Before as NftElementResource : null);
        foreach (var (guard, allow) in s_gates)
        {
            if (added is { Table: InetSets.Table } && added.Set == guard) _gates.Add((guard, allow, string.Join(' ', added.Fields)));
            if (gone is { Table: InetSets.Table } && gone.Set == allow) _gates.Add((guard, allow, string.Join(' ', gone.Fields[..^1])));
        }
    }

    public void Clear() => _gates.Clear();

    /// <summary>Those among the connections that came by a gate and would not be let through it now.</summary>
    public IReadOnlyList<Connection> Refused(IReadOnlyList<Connection> connections)
    {
        using var socket = new RouteSocket();
        var addresses = socket.Addresses();
        var own = addresses.Select(a => a.Address).ToHashSet();
        var foreign = connections.Where(c => c.Source is { } source && !own.Contains(source)).ToList();
        return foreign.Count == 0 ? [] : [.. _gates.SelectMany(g => Refused(g.Guard, g.Allow, g.Fields.Split(' '), foreign, bridge => Prefixes(bridge, socket, addresses)))];
    }

    private IEnumerable<Connection> Refused(string guard, string allow, string[] fields, List<Connection> connections, Func<string, List<IpPrefix>> prefixes)
    {
        if (!Elements(guard).Any(e => e.Fields.SequenceEqual(fields))) return [];
        var v4 = allow.EndsWith('4');
        var allowed = Elements(allow).Where(e => e.Fields[..^1].SequenceEqual(fields)).Select(e => IpPrefix.Parse(e.Fields[^1])).ToList();
        var through = guard == InetSets.RoutedGuard ? Into(prefixes(fields[0])) : guard == InetSets.GuardAny(v4) ? Any(fields, v4) : c => CutConnections.Listens(fields, c);
        return connections.Where(c => new IpPrefix(c.Source!, 0).IsV4 == v4 && through(c) && !allowed.Exists(p => p.Contains(c.Source!)));
    }

    // A listen address goes before any address of the host.
    private Func<Connection, bool> Any(string[] fields, bool v4)
    {
        var before = new[] { InetSets.Forward(v4), InetSets.ForwardRange(v4), InetSets.Floating(v4) }.SelectMany(Elements).Select(e => e.Fields.ToArray()).ToList();
        return c => CutConnections.Listens(fields, c) && !before.Exists(f => CutConnections.Listens(f, c));
    }

    private static Func<Connection, bool> Into(List<IpPrefix> inner) =>
        c => !c.IsTranslated && c.Destination is { } to && inner.Exists(p => p.Contains(to)) && !inner.Exists(p => p.Contains(c.Source!));

    private static List<IpPrefix> Prefixes(string bridge, RouteSocket socket, IReadOnlyList<AddressInfo> addresses) =>
        socket.Link(bridge) is { } link ? [.. addresses.Where(a => a.LinkIndex == link.Index).Select(a => new IpPrefix(a.Address, a.PrefixLength))] : [];

    private IEnumerable<NftElementResource> Elements(string set) => reader.Elements(NftSchema.Of(InetSets.Table, set)).Select(e => e.Element);
}
