using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Linux.Diag;

/// <summary>A TCP connection of this host as the kernel keeps it (sock_diag(7), struct tcp_info).</summary>
/// <param name="Established">TCP_ESTABLISHED.</param>
/// <param name="SinceReceived">How long ago the other end was heard last: data, or an acknowledgement.</param>
/// <param name="Retransmits">How often in a row what was sent last was sent again without an acknowledgement.</param>
/// <param name="Unacknowledged">Segments sent and not acknowledged.</param>
public sealed record TcpConnection(bool Established, TimeSpan SinceReceived, int Retransmits, int Unacknowledged)
{
    private const int SockDiag = 4; // NETLINK_SOCK_DIAG
    private const ushort SOCK_DIAG_BY_FAMILY = 20, INET_DIAG_INFO = 2;
    private const byte IPPROTO_TCP = 6, TCP_ESTABLISHED = 1, TCP_LISTEN = 10;
    private const int MessageLength = 72; // struct inet_diag_msg
    private const int StateAt = 1, RetransmitsAt = 2, UnackedAt = 24, DataReceivedAt = 52, AckReceivedAt = 56; // struct tcp_info

    /// <summary>Finds a connection of the network namespace of this thread by its ends; null when there is none.</summary>
    /// <param name="local">This host's end.</param>
    /// <param name="remote">The other end.</param>
    /// <exception cref="NetlinkException">The kernel refused: it lacks CONFIG_INET_TCP_DIAG (ENOENT is "no such connection").</exception>
    public static TcpConnection? Find(IPEndPoint local, IPEndPoint remote)
    {
        using var socket = new NetlinkSocket(SockDiag);
        var request = new NetlinkWriter(128);
        request.Begin(SOCK_DIAG_BY_FAMILY, Nlm.F_REQUEST).Struct(Ask(local, remote)).End();
        TcpConnection? found = null;
        try
        {
            socket.Query(request, $"look for the connection of {remote} to {local}", (_, _, message) => found ??= Read(message));
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
        return found;
    }

    /// <summary>Reads struct inet_diag_msg and its attributes; null for a listener, which the kernel finds in place of a connection that is not there.</summary>
    internal static TcpConnection? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < MessageLength || message[StateAt] == TCP_LISTEN) return null;
        var info = new NetlinkReader(message[MessageLength..]).Find(INET_DIAG_INFO).Payload;
        if (info.Length < AckReceivedAt + 4) return null;
        var heard = Math.Min(MemoryMarshal.Read<uint>(info[DataReceivedAt..]), MemoryMarshal.Read<uint>(info[AckReceivedAt..]));
        return new(message[StateAt] == TCP_ESTABLISHED, TimeSpan.FromMilliseconds(heard), info[RetransmitsAt], (int)MemoryMarshal.Read<uint>(info[UnackedAt..]));
    }

    private static InetDiagRequest Ask(IPEndPoint local, IPEndPoint remote)
    {
        var v4 = local.AddressFamily == AddressFamily.InterNetwork;
        var request = new InetDiagRequest { Family = (byte)(v4 ? 2 : 10), Protocol = IPPROTO_TCP, Extensions = 1 << (INET_DIAG_INFO - 1), States = uint.MaxValue, Cookie = ulong.MaxValue };
        var ends = MemoryMarshal.AsBytes(new Span<InetDiagRequest>(ref request))[8..];
        BinaryPrimitives.WriteUInt16BigEndian(ends, (ushort)local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(ends[2..], (ushort)remote.Port);
        local.Address.TryWriteBytes(ends[4..20], out _);
        remote.Address.TryWriteBytes(ends[20..36], out _);
        request.Link = v4 || !remote.Address.IsIPv6LinkLocal ? 0 : (uint)remote.Address.ScopeId;
        return request;
    }

    /// <summary>struct inet_diag_req_v2 with its struct inet_diag_sockid (linux/inet_diag.h).</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct InetDiagRequest
    {
        public byte Family, Protocol, Extensions, Pad;
        public uint States;
        public uint Ports;
        public UInt128Bytes Source, Destination;
        public uint Link;
        public ulong Cookie;
    }

    [StructLayout(LayoutKind.Sequential, Size = 16, Pack = 4)]
    private struct UInt128Bytes;
}
