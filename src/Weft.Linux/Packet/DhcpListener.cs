using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>Hears what DHCP servers beyond a link answer to clients on this side of it. The kernel's filter lets nothing else through to this process.</summary>
public sealed class DhcpListener : IDisposable
{
    private const int Most = 4096; // handed over at once: a flood does not keep the caller
    private const ushort ETH_P_ALL = 3; // a bridge takes frames from its ports before any other protocol's sockets see them
    private readonly PacketSocket _socket;
    private readonly byte[] _frame = new byte[9216]; // the longest of the usual jumbo frames

    /// <summary>Listens from now on.</summary>
    /// <param name="link">A link of the network namespace of this thread.</param>
    /// <exception cref="LinuxException">The privileges do not suffice (EPERM), or the link is gone (ENODEV).</exception>
    public DhcpListener(LinkInfo link) => _socket = new PacketSocket(link, ETH_P_ALL, PacketFilter.DhcpAnswers);

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>Hands over what has come since the last call, without waiting. A link that goes down says nothing.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IEnumerable<DhcpAnswer> Read()
    {
        for (var i = 0; i < Most && Receive() is >= 0 and var length; i++)
            if (DhcpAnswer.TryParse(_frame.AsSpan(0, length), out var answer)) yield return answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private int Receive()
    {
        try
        {
            return _socket.Receive(_frame, TimeSpan.Zero);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENETDOWN or Errno.ENODEV or Errno.ENXIO)
        {
            return -1; // the socket goes on when it is up again
        }
    }
}
