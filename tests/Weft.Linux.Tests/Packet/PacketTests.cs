using System.Net;
using CsCheck;
using Weft.Linux.Packet;
using Weft.Linux.Route;

namespace Weft.Linux.Tests.Packet;

public class PacketTests
{
    private static readonly Gen<MacAddress> _mac = Gen.Byte.Array[6].Select(b => new MacAddress(b));
    private static readonly Gen<IPAddress> _v4 = Gen.Byte.Array[4].Select(b => new IPAddress(b)), _v6 = Gen.Byte.Array[16].Select(b => new IPAddress(b));

    [Fact]
    public void A_probe_has_the_bytes_of_RFC_5227()
    {
        var frame = ArpPacket.RequestFrame(MacAddress.Parse("02:00:00:00:00:01"), IPAddress.Any, IPAddress.Parse("192.0.2.7"));
        Assert.Equal("FFFFFFFFFFFF 020000000001 0806 0001 0800 06 04 0001 020000000001 00000000 000000000000 C0000207".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(frame));
    }

    [Fact]
    public void A_solicitation_has_the_bytes_of_RFC_4862()
    {
        var frame = NdPacket.SolicitationFrame(MacAddress.Parse("02:00:00:00:00:01"), IPAddress.IPv6Any, IPAddress.Parse("fe80::1"));
        // The checksum was worked out by hand: ~(ff02+1+ff00+1 [group] + 24 [length] + 58 + 8700 + fe80+1 [target]).
        Assert.Equal(("3333FF000001 020000000001 86DD 60000000 0018 3A FF 00000000000000000000000000000000 FF0200000000000000000001FF000001"
            + "87007BE1 00000000 FE800000000000000000000000000001").Replace(" ", "", StringComparison.Ordinal).Replace("7BE1", Sum(0xff02, 1, 0xff00, 1, 24, 58, 0x8700, 0xfe80, 1), StringComparison.Ordinal), Convert.ToHexString(frame));
    }

    private static string Sum(params int[] words)
    {
        var sum = words.Sum();
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (~sum & 0xffff).ToString("X4", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Arp_is_read_as_it_was_written() => Gen.Select(Gen.Bool, _mac, _v4, _mac, _v4).Sample((request, sm, s, tm, t) =>
    {
        var packet = new ArpPacket(request, sm, s, tm, t);
        var frame = new byte[60];
        packet.WriteTo(frame);
        return ArpPacket.TryParse(frame, out var read) && read == packet;
    });

    [Fact]
    public void Nd_is_read_as_it_was_written() => Gen.Select(Gen.Bool, _mac, _v6, _v6, _v6.Where(t => !t.IsIPv6Multicast), _mac.Nullable()).Sample((advert, m, s, d, t, option) =>
    {
        var packet = new NdPacket(advert, m, s, d, t, option);
        return NdPacket.TryParse(packet.ToFrame(MacAddress.Broadcast), out var read) && read == packet;
    });

    [Fact]
    public void Any_change_of_an_nd_packet_behind_its_header_is_noticed() => Gen.Select(_mac, _v6, _v6, Gen.Int[22, 14 + 40 + 31], Gen.Byte[1, 255]).Sample((m, s, t, at, flip) =>
    {
        if (t.IsIPv6Multicast) return true;
        var frame = new NdPacket(true, m, s, NdPacket.SolicitedNode(t), t, m).ToFrame(MacAddress.Broadcast);
        frame[at] ^= flip;
        return !NdPacket.TryParse(frame, out _);
    });

    [Fact]
    public void Random_bytes_are_refused_without_an_exception() => Gen.Byte.Array[0, 120].Sample(bytes =>
    {
        _ = ArpPacket.TryParse(bytes, out _);
        _ = NdPacket.TryParse(bytes, out _);
    });

    [Fact]
    public void Frames_with_random_bytes_in_them_are_refused_or_read() => Gen.Select(Gen.Bool, Gen.Byte.Array[42, 120], Gen.Int[0, 120]).Sample((arp, bytes, cut) =>
    {
        byte[] head = arp ? [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1] : [0x86, 0xdd, 0x60, 0, 0, 0, 0, (byte)(bytes.Length - 54 & 0xff), 58, 255];
        head.CopyTo(bytes, 12);
        var frame = bytes.AsSpan(0, Math.Min(cut, bytes.Length));
        var (a, n) = (ArpPacket.TryParse(frame, out var p), NdPacket.TryParse(frame, out _));
        return (!a || (arp && frame.Length >= ArpPacket.FrameLength && p.Target is not null)) && !(n && arp);
    });

    [Theory]
    [InlineData(0)] // RFC 4861, 4.6: of length 0
    [InlineData(2)] // longer than what is left
    public void Options_of_a_wrong_length_make_the_packet_void(byte length)
    {
        var mac = MacAddress.Parse("02:00:00:00:00:01");
        var frame = new NdPacket(true, mac, IPAddress.Parse("fe80::1"), IPAddress.Parse("ff02::1"), IPAddress.Parse("fe80::1"), mac).ToFrame(mac);
        var sum = (frame[56] << 8 | frame[57]) + (1 - length); // option length is the low byte of its word, and the checksum the complement
        frame[79] = length;
        (frame[56], frame[57]) = ((byte)(sum >> 8), (byte)sum);
        Assert.False(NdPacket.TryParse(frame, out _));
        frame[79] = 1;
        sum -= 1 - length;
        (frame[56], frame[57]) = ((byte)(sum >> 8), (byte)sum);
        Assert.True(NdPacket.TryParse(frame, out _));
    }
}
