using System.Net;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Linux.Conntrack;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Engine.Drivers.Nft;

/// <summary>
/// Ends the connections through forwards and floating addresses that go or lead elsewhere, and of sources that may not use them any more: the kernel translates a
/// connection as it did its first packet, for as long as it lasts, and asks whether it may be only of that one.
/// </summary>
internal sealed class CutConnections(NftReader reader)
{
    private static readonly HashSet<string> s_maps = [.. new[] { true, false }.SelectMany<bool, string>(v4 =>
        [InetSets.Forward(v4), InetSets.ForwardAny(v4), InetSets.ForwardRange(v4), InetSets.ForwardAnyRange(v4), InetSets.Floating(v4), InetSets.FloatingSource(v4)])];

    private readonly Dictionary<ResourceKey, NftElementResource> _gone = [];
    private readonly NarrowedGates _narrowed = new(reader);

    /// <summary>Notes what steps take away; what they bring back is forgotten.</summary>
    public void Note(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            _narrowed.Note(step);
            var after = step.After as NftElementResource;
            if (step.Before is NftElementResource before && IsTranslation(before) && !IsSame(before, after)) _gone.TryAdd(before.Key, before);
            else if (after is not null && _gone.TryGetValue(after.Key, out var was) && IsSame(was, after)) _gone.Remove(after.Key);
        }
    }

    /// <summary>Cuts them.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Cut()
    {
        if (_gone.Count == 0 && _narrowed.IsEmpty) return;
        using var conntrack = new ConntrackSocket();
        var all = Connections(conntrack);
        var cut = all.Where(c => _gone.Values.Any(e => Leads(e, c))).Concat(_narrowed.Refused(all)).ToHashSet();
        if (cut.Count > 0) conntrack.Delete(cut);
        _gone.Clear();
        _narrowed.Clear();
    }

    // A kernel without CONFIG_NF_CT_NETLINK gives nobody a means to end a connection; the forward is gone for new ones all the same.
    private static IReadOnlyList<Connection> Connections(ConntrackSocket conntrack)
    {
        try
        {
            return conntrack.Connections();
        }
        catch (NetlinkException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            return [];
        }
    }

    private static bool IsTranslation(NftElementResource e) => e.Table == InetSets.Table && s_maps.Contains(e.Set);

    private static bool IsSame(NftElementResource a, NftElementResource? b) => b is not null && a.Data.SequenceEqual(b.Data);

    // What a machine with a floating address has opened itself is answered at that address.
    private static bool Leads(NftElementResource e, Connection c) => e.Set == InetSets.FloatingSource(true) || e.Set == InetSets.FloatingSource(false)
        ? IPAddress.Parse(e.Fields[0]).Equals(c.Source) && IPAddress.Parse(e.Data[0]).Equals(c.AnsweredAt)
        : IPAddress.Parse(e.Data[0]).Equals(c.Answerer) && Listens([.. e.Fields], c);

    /// <summary>Whether a connection was translated, and for a listen address, protocol and ports.</summary>
    /// <param name="fields">Key of a forward, floating address, or of what guards it.</param>
    /// <param name="c">The connection.</param>
    internal static bool Listens(string[] fields, Connection c)
    {
        var (listen, protocol, ports) = Shape(fields);
        return c.IsTranslated && (listen is null || IPAddress.Parse(listen).Equals(c.Destination))
            && (protocol is null || IsProtocol(protocol, c.Protocol)) && (ports is not { } p || (c.DestinationPort >= p.First && c.DestinationPort <= p.Last));
    }

    private static (string? Listen, string? Protocol, PortRange? Ports) Shape(string[] fields) => fields switch
    {
        [var outer] => (outer, null, null),
        [var protocol, var ports] => (null, protocol, Ports(ports)),
        [var listen, var protocol, var ports] => (listen, protocol, Ports(ports)),
        _ => throw new ArgumentException($"{string.Join(' ', fields)} is no forward"),
    };

    private static PortRange Ports(string text) => text.Split('-') is [var first, var last] ? new(int.Parse(first), int.Parse(last)) : new(int.Parse(text), int.Parse(text));

    private static bool IsProtocol(string name, byte number) => number == name switch { "tcp" => 6, "udp" => 17, _ => -1 };
}
