using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>The first segment of a TCP connection, from whatever source (RFC 9293 3.1).</summary>
internal static class SynPacket
{
    /// <summary>Sends SYNs from sources that are not the sender's.</summary>
    internal static void Flood(IEnumerable<string> sources, string to, ushort port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
        var target = IPAddress.Parse(to);
        ushort sport = 1024;
        foreach (var source in sources) socket.SendTo(Of(IPAddress.Parse(source), target, sport++, port), new IPEndPoint(target, 0));
    }

    private static byte[] Of(IPAddress from, IPAddress to, ushort sport, ushort dport)
    {
        var packet = new byte[40];
        packet[0] = 0x45;
        Put(packet, 2, 40);
        packet[8] = 64;
        packet[9] = 6;
        from.GetAddressBytes().CopyTo(packet, 12);
        to.GetAddressBytes().CopyTo(packet, 16);
        Put(packet, 20, sport);
        Put(packet, 22, dport);
        packet[32] = 0x50;
        packet[33] = 2; // SYN
        Put(packet, 34, 64240);
        byte[] pseudo = [.. packet[12..20], 0, 6, 0, 20, .. packet[20..]];
        Put(packet, 36, Checksum(pseudo));
        return packet;
    }

    private static ushort Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        for (var i = 0; i < data.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(data[i..]);
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static void Put(byte[] packet, int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), value);
}
