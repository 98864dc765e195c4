using System.Buffers.Binary;
using System.Net;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>A neighbour solicitation or advertisement (RFC 4861) in its Ethernet frame.</summary>
/// <param name="IsAdvertisement">An advertisement; else a solicitation.</param>
/// <param name="SourceMac">Who sent the frame.</param>
/// <param name="Source">Where the packet comes from; :: in a solicitation of duplicate address detection (RFC 4862).</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="Target">The address that it is about.</param>
/// <param name="LinkAddress">The option with the source's (solicitation) or target's (advertisement) link-layer address; null when absent.</param>
public sealed record NdPacket(bool IsAdvertisement, MacAddress SourceMac, IPAddress Source, IPAddress Destination, IPAddress Target, MacAddress? LinkAddress)
{
    internal const byte ICMPV6 = 58, Solicitation = 135, Advertisement = 136;
    private const int Ip = 14, Icmp = Ip + 40, Options = Icmp + 24, OptionLength = 8;
    private const byte HopLimit = 255, SourceLinkAddress = 1, TargetLinkAddress = 2;

    /// <summary>The group of an address that is asked for: ff02::1:ffXX:XXXX.</summary>
    public static IPAddress SolicitedNode(IPAddress target)
    {
        var group = IPAddress.Parse("ff02::1:ff00:0").GetAddressBytes();
        target.GetAddressBytes().AsSpan(13).CopyTo(group.AsSpan(13));
        return new IPAddress(group);
    }

    /// <summary>The Ethernet address of an IPv6 group (RFC 2464, 7).</summary>
    public static MacAddress GroupMac(IPAddress group) => new([0x33, 0x33, .. group.GetAddressBytes().AsSpan(12)]);

    /// <summary>Asks all that may have the target; from :: as duplicate address detection does.</summary>
    public static byte[] SolicitationFrame(MacAddress from, IPAddress source, IPAddress target)
    {
        var group = SolicitedNode(target);
        var own = source.Equals(IPAddress.IPv6Any) ? null : (MacAddress?)from; // RFC 4861, 4.3: not with the unspecified address
        return new NdPacket(false, from, source, group, target, own).ToFrame(GroupMac(group));
    }

    /// <summary>Reads a frame; false when it is neither, or one that a host must not accept (RFC 4861, 7.1).</summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out NdPacket packet)
    {
        packet = null!;
        if (frame.Length < Options || U16(frame, 12) != PacketSocket.ETH_P_IPV6 || frame[Ip] >> 4 != 6) return false;
        var length = U16(frame, Ip + 4);
        if (frame[Ip + 6] != ICMPV6 || frame[Ip + 7] != HopLimit || length < 24 || frame.Length < Icmp + length) return false;
        var type = frame[Icmp];
        var body = frame.Slice(Icmp, length);
        if (type is not (Solicitation or Advertisement) || frame[Icmp + 1] != 0 || Checksum.OfIcmp6(frame.Slice(Ip + 8, 32), body) != 0) return false;
        if (!TryOption(body[24..], type == Solicitation ? SourceLinkAddress : TargetLinkAddress, out var link)) return false;
        packet = new(type == Advertisement, new(frame[6..12]), new(frame.Slice(Ip + 8, 16)), new(frame.Slice(Ip + 24, 16)), new(body.Slice(8, 16)), link);
        return !packet.Target.IsIPv6Multicast;
    }

    /// <summary>The frame. An advertisement is a solicited one that overrides.</summary>
    /// <param name="destination">Where the frame goes.</param>
    public byte[] ToFrame(MacAddress destination)
    {
        var frame = new byte[Options + (LinkAddress is null ? 0 : OptionLength)];
        destination.CopyTo(frame);
        SourceMac.CopyTo(frame.AsSpan(6));
        Put(frame, 12, PacketSocket.ETH_P_IPV6);
        (frame[Ip], frame[Ip + 6], frame[Ip + 7]) = (0x60, ICMPV6, HopLimit);
        Put(frame, Ip + 4, (ushort)(frame.Length - Icmp));
        Put(frame, Ip + 8, Source);
        Put(frame, Ip + 24, Destination);
        (frame[Icmp], frame[Icmp + 4]) = IsAdvertisement ? (Advertisement, (byte)0x60) : (Solicitation, (byte)0);
        Put(frame, Icmp + 8, Target);
        PutOption(frame);
        Put(frame, Icmp + 2, Checksum.OfIcmp6(frame.AsSpan(Ip + 8, 32), frame.AsSpan(Icmp)));
        return frame;
    }

    private void PutOption(byte[] frame)
    {
        if (LinkAddress is not { } mac) return;
        (frame[Options], frame[Options + 1]) = (IsAdvertisement ? TargetLinkAddress : SourceLinkAddress, 1); // in units of eight bytes
        mac.CopyTo(frame.AsSpan(Options + 2));
    }

    private static bool TryOption(ReadOnlySpan<byte> options, byte type, out MacAddress? mac)
    {
        mac = null;
        while (options.Length >= 2)
        {
            var length = options[1] * 8;
            if (length == 0 || length > options.Length) return false; // RFC 4861, 4.6: the packet is to be dropped
            if (options[0] == type && length == OptionLength) mac = new(options[2..8]);
            options = options[length..];
        }
        return options.IsEmpty;
    }

    private static ushort U16(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt16BigEndian(b[at..]);

    private static void Put(byte[] frame, int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), value);

    private static void Put(byte[] frame, int at, IPAddress address) => address.GetAddressBytes().AsSpan(0, 16).CopyTo(frame.AsSpan(at));
}
