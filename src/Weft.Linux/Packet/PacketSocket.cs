using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>Sends and receives whole Ethernet frames on one link (packet(7)). Frames that this host sends, and frames of VLANs, are not received.</summary>
internal sealed unsafe class PacketSocket : IDisposable
{
    internal const ushort ETH_P_ARP = 0x806, ETH_P_IPV6 = 0x86dd;
    private const int AF_PACKET = 17, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, SOL_SOCKET = 1, SO_ATTACH_FILTER = 26;
    private const int SOL_PACKET = 263, PACKET_ADD_MEMBERSHIP = 1, PACKET_IGNORE_OUTGOING = 23, PACKET_MR_MULTICAST = 0;
    private readonly Descriptor _socket;
    private readonly LinkInfo _link;

    /// <summary>Opens a socket on a link of the network namespace of this thread.</summary>
    /// <param name="link">The link.</param>
    /// <param name="etherType">ETH_P_*: what is received.</param>
    /// <param name="filter">Classic BPF that says which of it.</param>
    /// <exception cref="LinuxException">The privileges do not suffice (EPERM), or the link is gone (ENODEV).</exception>
    internal PacketSocket(LinkInfo link, ushort etherType, ReadOnlySpan<BpfInstruction> filter)
    {
        _link = link;
        // Of no protocol until the filter is there: nothing else comes in before it.
        var fd = NativeMethods.Socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        if (fd < 0) throw LinuxException.Last("open a packet socket", "this needs root or CAP_NET_RAW");
        _socket = new Descriptor(fd);
        try
        {
            Attach(filter);
            // Kernels before 4.20 do not know it; own frames are told by their MAC as well.
            var on = 1;
            _ = NativeMethods.SetSockOpt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(int));
            Bind(etherType);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>The descriptor, for poll(2).</summary>
    internal int Descriptor => _socket.Number;

    /// <summary>Receives frames for a group, for as long as the socket is open.</summary>
    /// <exception cref="LinuxException">The link has no room for it.</exception>
    internal void Join(MacAddress group)
    {
        var request = stackalloc byte[16]; // struct packet_mreq: int ifindex; u16 type; u16 alen; u8 address[8]
        new Span<byte>(request, 16).Clear();
        MemoryMarshal.Write(new Span<byte>(request, 4), _link.Index);
        MemoryMarshal.Write(new Span<byte>(request + 4, 2), (ushort)PACKET_MR_MULTICAST);
        MemoryMarshal.Write(new Span<byte>(request + 6, 2), (ushort)6);
        group.CopyTo(new Span<byte>(request + 8, 6));
        if (NativeMethods.SetSockOpt(_socket.Number, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request, 16) < 0) throw LinuxException.Last($"join group {group} on {_link.Name}");
    }

    /// <summary>Sends a frame.</summary>
    /// <exception cref="LinuxException">The link is down (ENETDOWN), or gone (ENXIO).</exception>
    internal void Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* p = frame)
            while (NativeMethods.Send(_socket.Number, p, (nuint)frame.Length, 0) < 0)
                if (Marshal.GetLastPInvokeError() != Errno.EINTR) throw LinuxException.Last($"send a probe on {_link.Name}", "is the link up?");
    }

    /// <summary>Receives a frame; one that is longer is cut.</summary>
    /// <returns>Its length in bytes; -1 when the time was up.</returns>
    /// <exception cref="LinuxException">The link went down (ENETDOWN).</exception>
    internal int Receive(Span<byte> frame, TimeSpan timeout)
    {
        if (!_socket.WaitReadable((int)Math.Ceiling(Math.Max(0, timeout.TotalMilliseconds)))) return -1;
        nint n;
        fixed (byte* p = frame)
            while ((n = NativeMethods.Recv(_socket.Number, p, (nuint)frame.Length, 0)) < 0)
                if (Marshal.GetLastPInvokeError() != Errno.EINTR) throw LinuxException.Last($"wait for answers on {_link.Name}");
        return (int)n;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Attach(ReadOnlySpan<BpfInstruction> filter)
    {
        fixed (BpfInstruction* p = filter)
        {
            var program = new BpfProgram { Length = (ushort)filter.Length, Instructions = p };
            if (NativeMethods.SetSockOpt(_socket.Number, SOL_SOCKET, SO_ATTACH_FILTER, &program, (uint)sizeof(BpfProgram)) < 0)
                throw LinuxException.Last($"filter what a packet socket receives on {_link.Name}");
        }
    }

    private void Bind(ushort etherType)
    {
        var address = stackalloc byte[20]; // struct sockaddr_ll
        new Span<byte>(address, 20).Clear();
        MemoryMarshal.Write(new Span<byte>(address, 2), (ushort)AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), etherType);
        MemoryMarshal.Write(new Span<byte>(address + 4, 4), _link.Index);
        if (NativeMethods.Bind(_socket.Number, address, 20) < 0) throw LinuxException.Last($"listen on {_link.Name}");
    }
}

/// <summary>struct sock_filter (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct BpfInstruction(ushort code, byte jt, byte jf, uint k)
{
    internal readonly ushort Code = code;
    internal readonly byte IfTrue = jt;
    internal readonly byte IfFalse = jf;
    internal readonly uint K = k;
}

/// <summary>struct sock_fprog (linux/filter.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BpfProgram
{
    internal ushort Length;
    internal BpfInstruction* Instructions;
}
