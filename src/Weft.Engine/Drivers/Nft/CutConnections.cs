using System.Net;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Linux.Conntrack;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Engine.Drivers.Nft;

/// <summary>
/// Ends the connections through forwards and floating addresses that go or lead elsewhere: the kernel translates a connection as it did its first
/// packet, for as long as it lasts.
/// </summary>
internal sealed class CutConnections
{
    private static readonly HashSet<string> s_maps = [.. new[] { true, false }.SelectMany<bool, string>(v4 =>
        [InetSets.Forward(v4), InetSets.ForwardAny(v4), InetSets.ForwardRange(v4), InetSets.ForwardAnyRange(v4), InetSets.Floating(v4)])];

    private readonly Dictionary<ResourceKey, NftElementResource> _gone = [];

    /// <summary>Notes what steps take away; what they bring back is forgotten.</summary>
    public void Note(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            var after = step.After as NftElementResource;
            if (step.Before is NftElementResource before && IsTranslation(before) && !IsSame(before, after)) _gone.TryAdd(before.Key, before);
            else if (after is not null && _gone.TryGetValue(after.Key, out var was) && IsSame(was, after)) _gone.Remove(after.Key);
        }
    }

    /// <summary>Cuts them.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public void Cut()
    {
        if (_gone.Count == 0) return;
        using var conntrack = new ConntrackSocket();
        if (Connections(conntrack).Where(c => c.IsTranslated && _gone.Values.Any(e => Leads(e, c))).ToList() is { Count: > 0 } cut) conntrack.Delete(cut);
        _gone.Clear();
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

    private static bool Leads(NftElementResource e, Connection c)
    {
        var (listen, protocol, ports) = Shape(e);
        return c.Answerer is { } target && target.Equals(IPAddress.Parse(e.Data[0])) && (listen is null || IPAddress.Parse(listen).Equals(c.Destination))
            && (protocol is null || IsProtocol(protocol, c.Protocol)) && (ports is not { } p || (c.DestinationPort >= p.First && c.DestinationPort <= p.Last));
    }

    /// <summary>Listen address, protocol and ports that an element of a map of destinations is for.</summary>
    private static (string? Listen, string? Protocol, PortRange? Ports) Shape(NftElementResource e) => e.Fields switch
    {
        [var outer] => (outer, null, null),
        [var protocol, var ports] => (null, protocol, Ports(ports)),
        [var listen, var protocol, var ports] => (listen, protocol, Ports(ports)),
        _ => throw new ArgumentException($"{e.Key} is no forward"),
    };

    private static PortRange Ports(string text) => text.Split('-') is [var first, var last] ? new(int.Parse(first), int.Parse(last)) : new(int.Parse(text), int.Parse(text));

    private static bool IsProtocol(string name, byte number) => number == name switch { "tcp" => 6, "udp" => 17, _ => -1 };
}
