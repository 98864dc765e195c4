using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>Learns the MAC of whatever is behind a link from the frames that it sends, also where a filter of its bridge drops them all.</summary>
public sealed class FirstFrame : IDisposable
{
    private const ushort ETH_P_ALL = 3;
    private readonly PacketSocket _socket;

    /// <summary>Listens from now on.</summary>
    /// <param name="link">A link of the network namespace of this thread.</param>
    /// <exception cref="LinuxException">The privileges do not suffice (EPERM), or the link is gone (ENODEV).</exception>
    public FirstFrame(LinkInfo link) => _socket = new PacketSocket(link, ETH_P_ALL, PacketFilter.All);

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>The sender of the next frame.</summary>
    /// <returns>Null when there is no frame yet, or none of a single sender.</returns>
    /// <exception cref="LinuxException">The link went down or away.</exception>
    public MacAddress? Sender()
    {
        Span<byte> frame = stackalloc byte[14]; // struct ethhdr
        if (_socket.Receive(frame, TimeSpan.Zero) < frame.Length) return null;
        var sender = new MacAddress(frame[6..12]);
        return sender.IsMulticast || sender == default ? null : sender;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
