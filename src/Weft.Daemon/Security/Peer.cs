using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Weft.Linux.Libc;

namespace Weft.Daemon.Security;

/// <summary>The process at the other end of a unix socket, as the kernel vouches for it.</summary>
/// <param name="Process">Process number.</param>
/// <param name="User">User.</param>
/// <param name="Groups">Its groups, the first one its primary one.</param>
internal sealed record Peer(int Process, uint User, IReadOnlyList<uint> Groups)
{
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
        var credentials = PeerCredentials.Of(socket);
        return new(credentials.Process, credentials.User, [credentials.Group, .. PeerCredentials.GroupsOf(socket)]);
    }
}
