using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>Tells when a link of the network namespace comes, goes or changes (RTNLGRP_LINK, linux/rtnetlink.h).</summary>
public sealed class LinkWatch : IDisposable
{
    private const uint RTMGRP_LINK = 1;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.ROUTE, RTMGRP_LINK);

    /// <summary>Waits for a change; those since the last call, or since this was made, count.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>False when nothing changed in that time.</returns>
    /// <exception cref="LinuxException">The kernel refused to wait.</exception>
    public bool Wait(TimeSpan patience, CancellationToken stop = default)
    {
        if (patience <= TimeSpan.Zero || !Descriptor.Wait((int)patience.TotalMilliseconds, _socket.Descriptor, stop)) return false;
        try
        {
            _socket.Listen((_, _, _) => { });
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENOBUFS)
        {
            // So many changes that some were lost: there were changes.
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
