using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>RTMGRP_* of linux/rtnetlink.h: what notifications are sent about, as the bit mask of sockaddr_nl.</summary>
[Flags]
public enum RouteGroups : uint
{
    /// <summary>RTNLGRP_LINK: links, ports of bridges.</summary>
    Links = 1,
    /// <summary>RTNLGRP_IPV4_IFADDR and RTNLGRP_IPV6_IFADDR.</summary>
    Addresses = (1 << 4) | (1 << 8),
    /// <summary>RTNLGRP_IPV4_ROUTE and RTNLGRP_IPV6_ROUTE.</summary>
    Routes = (1 << 6) | (1 << 10),
    /// <summary>RTNLGRP_IPV4_NETCONF and RTNLGRP_IPV6_NETCONF: those settings of links that the kernel tells about, forwarding among them.</summary>
    Settings = (1 << 23) | (1 << 24),
}

/// <summary>Tells when a link, an address or a route of the network namespace comes, goes or changes. It stays in the namespace of the thread that made it.</summary>
public sealed class RouteWatch : IDisposable
{
    private const int RTNLGRP_NEIGH = 3;
    private readonly NetlinkSocket _socket;
    private bool _fdb;

    /// <summary>Watches from now on.</summary>
    /// <param name="groups">What.</param>
    /// <param name="receiveBytes">How much may wait to be read; null for enough that thousands of links may change at once.</param>
    /// <exception cref="NetlinkException">The kernel gives no socket.</exception>
    public RouteWatch(RouteGroups groups, int? receiveBytes = null) =>
        _socket = receiveBytes is { } bytes ? new(NetlinkSocket.ROUTE, (uint)groups, bytes) : new(NetlinkSocket.ROUTE, (uint)groups);

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>Watches the forwarding databases of bridges too. Each MAC address that a bridge learns is told: to be asked for only where it matters.</summary>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public void WatchFdb()
    {
        if (_fdb) return;
        _socket.Join(RTNLGRP_NEIGH);
        _fdb = true;
    }

    /// <summary>Hands over what was told since the last call, without waiting.</summary>
    /// <returns>False when some was lost: look at everything.</returns>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public bool Read(Action<RouteNotice> handler) => _socket.Drain((type, _, message) =>
    {
        if (RouteNoticeReader.Read(type, message) is { } notice) handler(notice);
    });

    /// <summary>Waits for a change; those since the last call, or since this was made, count.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>False when nothing changed in that time.</returns>
    /// <exception cref="LinuxException">The kernel refused to wait.</exception>
    public bool Wait(TimeSpan patience, CancellationToken stop = default)
    {
        if (patience <= TimeSpan.Zero || !Libc.Descriptor.Wait((int)patience.TotalMilliseconds, Descriptor, stop)) return false;
        _ = _socket.Drain((_, _, _) => { }); // that some were lost is a change too
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
