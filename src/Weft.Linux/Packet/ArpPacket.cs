using System.Buffers.Binary;
using System.Net;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>ARP for IPv4 over Ethernet (RFC 826), in its frame.</summary>
/// <param name="Request">A request (ares_op$REQUEST); else a reply.</param>
/// <param name="SenderMac">Hardware address of the sender.</param>
/// <param name="Sender">Protocol address of the sender; 0.0.0.0 in a probe (RFC 5227).</param>
/// <param name="TargetMac">Hardware address of the target; without meaning in a request.</param>
/// <param name="Target">Protocol address of the target.</param>
public sealed record ArpPacket(bool Request, MacAddress SenderMac, IPAddress Sender, MacAddress TargetMac, IPAddress Target)
{
    /// <summary>Bytes of the frame without padding.</summary>
    public const int FrameLength = 14 + 28;
    private const ushort Ethernet = 1, IPv4 = 0x800, RequestCode = 1, ReplyCode = 2;

    /// <summary>A request to all, "who has it"; from 0.0.0.0 it is a probe, which leaves no trace in anybody's table.</summary>
    public static byte[] RequestFrame(MacAddress from, IPAddress sender, IPAddress target)
    {
        var frame = new byte[FrameLength];
        MacAddress.Broadcast.CopyTo(frame);
        new ArpPacket(true, from, sender, default, target).WriteTo(frame);
        return frame;
    }

    /// <summary>Reads a frame; false when it is not ARP for IPv4 over Ethernet.</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out ArpPacket packet)
    {
        packet = null!;
        if (frame.Length < FrameLength || U16(frame, 12) != PacketSocket.ETH_P_ARP) return false;
        var arp = frame[14..];
        if (U16(arp, 0) != Ethernet || U16(arp, 2) != IPv4 || arp[4] != 6 || arp[5] != 4 || U16(arp, 6) is not (RequestCode or ReplyCode)) return false;
        packet = new(U16(arp, 6) == RequestCode, new(arp[8..14]), new(arp[14..18]), new(arp[18..24]), new(arp[24..28]));
        return true;
    }

    /// <summary>Writes the frame but for where it goes, which is in its first six bytes already.</summary>
    /// <exception cref="ArgumentException">The buffer is too short, or an address is not one of IPv4.</exception>
    public void WriteTo(Span<byte> frame)
    {
        SenderMac.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], PacketSocket.ETH_P_ARP);
        var arp = frame[14..FrameLength];
        foreach (var (at, value) in new[] { (0, Ethernet), (2, IPv4), (4, (ushort)0x0604), (6, Request ? RequestCode : ReplyCode) })
            BinaryPrimitives.WriteUInt16BigEndian(arp[at..], value);
        SenderMac.CopyTo(arp[8..]);
        TargetMac.CopyTo(arp[18..]);
        if (!Sender.TryWriteBytes(arp[14..18], out _) || !Target.TryWriteBytes(arp[24..28], out _)) throw new ArgumentException("ARP asks for IPv4 addresses only");
    }

    private static ushort U16(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt16BigEndian(b[at..]);
}
