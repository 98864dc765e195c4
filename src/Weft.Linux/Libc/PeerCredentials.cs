using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Weft.Linux.Libc;

/// <summary>The process that made a connection of a unix socket, or listens on it, as the kernel vouches for it (unix(7): SO_PEERCRED, SO_PEERGROUPS).</summary>
/// <param name="Process">Process number.</param>
/// <param name="User">User.</param>
/// <param name="Group">Its primary group.</param>
public readonly record struct PeerCredentials(int Process, uint User, uint Group)
{
    private const int SOL_SOCKET = 1, SO_PEERCRED = 17, SO_PEERGROUPS = 59; // asm-generic/socket.h
    private const int MostGroups = 65536; // NGROUPS_MAX, linux/limits.h

    /// <summary>Who is at the other end.</summary>
    /// <exception cref="SocketException">It is no connected unix socket.</exception>
    public static PeerCredentials Of(Socket socket)
    {
        Span<uint> credentials = stackalloc uint[3]; // struct ucred
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        return new((int)credentials[0], credentials[1], credentials[2]);
    }

    /// <summary>Its other groups.</summary>
    /// <exception cref="SocketException">It is no connected unix socket.</exception>
    public static uint[] GroupsOf(Socket socket)
    {
        var groups = ArrayPool<uint>.Shared.Rent(MostGroups);
        try
        {
            var bytes = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERGROUPS, MemoryMarshal.AsBytes(groups.AsSpan()));
            return [.. groups.AsSpan(0, bytes / sizeof(uint))];
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(groups);
        }
    }
}
