using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Daemon.Security;

/// <summary>The process at the other end of a unix socket, as the kernel vouches for it (unix(7): SO_PEERCRED, SO_PEERGROUPS).</summary>
/// <param name="Process">Process number.</param>
/// <param name="User">User.</param>
/// <param name="Groups">Its groups, the first one its primary one.</param>
internal sealed record Peer(int Process, uint User, IReadOnlyList<uint> Groups)
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17, SO_PEERGROUPS = 59; // asm-generic/socket.h
    private const int MostGroups = 65536; // NGROUPS_MAX, linux/limits.h

    private static readonly object Key = new();

    /// <summary>Finds out, when a connection is made, who that is: a client may be gone again before its request is looked at.</summary>
    internal static ConnectionDelegate Note(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket) connection.Items[Key] = Of(socket);
        return next(connection);
    };

    /// <summary>Who made the connection that a request came by; null where it came over the network.</summary>
    internal static Peer? Of(HttpContext http) => http.Features.GetRequiredFeature<IConnectionItemsFeature>().Items.TryGetValue(Key, out var peer) ? (Peer?)peer : null;

    private static Peer Of(Socket socket)
    {
        Span<uint> credentials = stackalloc uint[3];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        var groups = ArrayPool<uint>.Shared.Rent(MostGroups);
        try
        {
            var bytes = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERGROUPS, MemoryMarshal.AsBytes(groups.AsSpan()));
            return new((int)credentials[0], credentials[1], [credentials[2], .. groups.AsSpan(0, bytes / sizeof(uint))]);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(groups);
        }
    }
}
