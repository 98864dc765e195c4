using System.Net.Sockets;
using Weft.Linux.Libc;

namespace Weft.Daemon;

/// <summary>The file of the unix socket.</summary>
internal static class UnixSocketFile
{
    /// <summary>Removes one that a daemon left behind.</summary>
    /// <exception cref="IOException">A daemon listens there, or something else is in its place.</exception>
    internal static void Clear(string path)
    {
        if (!Path.Exists(path)) return;
        if (!FileIdentity.IsSocket(path)) throw new IOException($"listen on {path}: what is there is no socket; move it away, or name another path with --socket");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException) // nobody listens
        {
            File.Delete(path);
            return;
        }
        throw new IOException($"listen on {path}: another weftd does so already");
    }

    /// <summary>Lets everybody connect: who may do what is told by whom the kernel says the other end is.</summary>
    internal static void Open(string path) => File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
}
