using System.Net.Sockets;
using System.Text;
using Weft.Linux.Libc;

namespace Weft.Daemon;

/// <summary>The file of the unix socket.</summary>
internal static class UnixSocketFile
{
    private const int Longest = 107; // bytes: sun_path of unix(7), with its end

    /// <summary>Removes one that a daemon left behind.</summary>
    /// <exception cref="IOException">A daemon listens there, something else is in its place, or there can be none.</exception>
    internal static void Clear(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > Longest) throw new IOException($"listen on {path}: the path of a socket is at most {Longest} bytes long; name a shorter one with --socket");
        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder)) throw new IOException($"listen on {path}: there is no directory {folder}; make it, or name another path with --socket");
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
