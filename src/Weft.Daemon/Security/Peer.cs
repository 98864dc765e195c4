using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Weft.Daemon.Security;

/// <summary>The process at the other end of a unix socket, as the kernel vouches for it (unix(7): SO_PEERCRED, SO_PEERGROUPS).</summary>
/// <param name="Process">Process number.</param>
/// <param name="User">User.</param>
/// <param name="Groups">Its groups, the first one its primary one.</param>
internal sealed record Peer(int Process, uint User, IReadOnlyList<uint> Groups)
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17, SO_PEERGROUPS = 59; // asm-generic/socket.h
    private const int MostGroups = 65536; // NGROUPS_MAX, linux/limits.h

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="SocketException">The socket is none of the unix family.</exception>
    internal static Peer Of(Socket socket)
    {
        Span<uint> credentials = stackalloc uint[3];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        var groups = new uint[MostGroups];
        var bytes = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERGROUPS, MemoryMarshal.AsBytes(groups.AsSpan()));
        return new((int)credentials[0], credentials[1], [credentials[2], .. groups.AsSpan(0, bytes / sizeof(uint))]);
    }
}
