using System.Globalization;
using System.Net;
using Weft.Core.Model;

namespace Weft.Engine.Host;

/// <summary>The TCP sockets of the calling thread's network namespace that are listened on (proc_pid_net(5)).</summary>
internal static class HostListeners
{
    private static readonly string[] Files = ["/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"];
    private const string Listening = "0A"; // TCP_LISTEN, net/tcp_states.h

    /// <summary>Reads them.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    internal static IEnumerable<HostListener> Read() => Files.Where(File.Exists).SelectMany(f => Of(File.ReadLines(f))).Distinct();

    /// <summary>Reads the lines of such a file; those that are none are passed over.</summary>
    internal static IEnumerable<HostListener> Of(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, Listening, ..] && Read(local) is { } listener) yield return listener;
    }

    // ADDRESS:PORT in hexadecimal digits; of the address each 32 bits as this machine's number.
    private static HostListener? Read(string local)
    {
        if (local.Split(':') is not [{ Length: 8 or 32 } address, var port] || !int.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)) return null;
        var bytes = new List<byte>();
        foreach (var word in address.Chunk(8))
        {
            if (!uint.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return null;
            bytes.AddRange(BitConverter.GetBytes(value));
        }
        var ip = new IPAddress(bytes.ToArray());
        return new(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, number);
    }
}
