using System.Buffers.Binary;
using System.Net;
using CsCheck;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Linux.Tests.Packet;

public sealed class DhcpAnswerTests
{
    private static readonly MacAddress _client = MacAddress.Parse("52:54:00:00:00:0a"), _server = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly Gen<byte[]> _options4 = Options(1, Gen.Byte[0, 60]), _options6 = Options(2, Gen.Byte[0, 30]);

    // 1 hour; the type of the message comes behind another option, as it may.
    private static readonly byte[] _ack = [54, 4, 198, 51, 100, 1, 0, 53, 1, 5, 51, 4, 0, 0, 14, 16, 255];

    [Fact]
    public void An_acknowledgement_gives_its_address()
    {
        Assert.True(DhcpAnswer.TryParse(Frame4(_ack), out var answer));
        Assert.Equal((true, _client, new DhcpGrant(IPAddress.Parse("198.51.100.77"), TimeSpan.FromHours(1))), (answer.IsV4, answer.Client, Assert.Single(answer.Leases)));
    }

    [Fact]
    public void Offers_refusals_and_answers_without_address_give_nothing()
    {
        foreach (var type in (byte[])[2, 6])
        {
            var options = _ack.ToArray();
            options[9] = type;
            Assert.False(DhcpAnswer.TryParse(Frame4(options), out _), $"type {type}");
        }
        Assert.False(DhcpAnswer.TryParse(Frame4(_ack, "0.0.0.0"), out _)); // to DHCPINFORM
        Assert.False(DhcpAnswer.TryParse(Frame4(_ack, from: 1067), out _));
    }

    [Fact]
    public void A_reply_gives_the_addresses_of_all_its_associations()
    {
        byte[] na = [.. Option6(5, [.. IPAddress.Parse("2001:db8::7").GetAddressBytes(), .. Be(1800), .. Be(3600)]), .. Option6(5, [.. IPAddress.Parse("2001:db8::8").GetAddressBytes(), .. Be(0), .. Be(0)])];
        byte[] ta = Option6(5, [.. IPAddress.Parse("2001:db8::9").GetAddressBytes(), .. Be(1), .. Be(-1)]);
        byte[] reply = [7, 1, 2, 3, .. Option6(1, [0, 3]), .. Option6(3, [.. new byte[12], .. na]), .. Option6(4, [.. new byte[4], .. ta])];
        Assert.True(DhcpAnswer.TryParse(Frame6(reply), out var answer));
        Assert.Equal((false, _client), (answer.IsV4, answer.Client));
        Assert.Equal([new DhcpGrant(IPAddress.Parse("2001:db8::7"), TimeSpan.FromHours(1)), new(IPAddress.Parse("2001:db8::9"), null)], answer.Leases);
        Assert.False(DhcpAnswer.TryParse(Frame6([2, .. reply.AsSpan(1)]), out _)); // an advertisement
    }

    [Fact]
    public void Whatever_the_lan_sends_is_read_or_passed_over()
    {
        var v4 = Gen.Select(_options4, Gen.Int[0, 400]).Select((o, cut) => Cut(Frame4([53, 1, 5, .. o]), cut));
        var v6 = Gen.Select(_options6, Gen.Int[0, 400]).Select((o, cut) => Cut(Frame6([7, 0, 0, 0, .. o]), cut));
        var broken = Gen.Select(Gen.OneOf(v4, v6), Gen.Int[0, 400], Gen.Byte).Select((f, at, b) =>
        {
            if (f.Length > 0) f[at % f.Length] = b;
            return f;
        });
        Gen.OneOf(v4, v6, broken, Gen.Byte.Array[0, 400]).Sample(f => !DhcpAnswer.TryParse(f, out var a) || a.Leases.Length <= (a.IsV4 ? 1 : 16), iter: 50_000);
    }

    private static byte[] Cut(byte[] frame, int length) => frame[..Math.Min(length, frame.Length)];

    // Options whose lengths are right but for the last ones; those of DHCPv6 with options in them.
    private static Gen<byte[]> Options(int width, Gen<byte> code) => Gen.Select(code, Gen.Byte.Array[0, 60], Gen.Int[0, 60]).Select((c, body, claimed) =>
        width == 1 ? (byte[])[c, (byte)(claimed > 50 ? claimed : body.Length), .. body] : [0, c, 0, (byte)(claimed > 50 ? claimed : body.Length), .. body]).Array[0, 6].Select(all => all.SelectMany(o => o).ToArray());

    private static byte[] Frame4(byte[] options, string given = "198.51.100.77", ushort from = 67)
    {
        var message = new byte[240 + options.Length];
        (message[0], message[1], message[2]) = (2, 1, 6);
        IPAddress.Parse(given).GetAddressBytes().CopyTo(message, 16);
        _client.CopyTo(message.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        options.CopyTo(message, 240);
        var udp = Udp(message, from, 68);
        return [.. MacAddress.Broadcast.ToArray(), .. _server.ToArray(), 8, 0, 0x45, 0, .. Be16(20 + udp.Length), 0, 0, 0, 0, 64, 17, 0, 0, 198, 51, 100, 1, 255, 255, 255, 255, .. udp];
    }

    private static byte[] Frame6(byte[] message)
    {
        var udp = Udp(message, 547, 546);
        return [.. _client.ToArray(), .. _server.ToArray(), 0x86, 0xdd, 0x60, 0, 0, 0, .. Be16(udp.Length), 17, 64, .. new byte[32], .. udp];
    }

    private static byte[] Udp(byte[] message, ushort from, ushort to) => [.. Be16(from), .. Be16(to), .. Be16(8 + message.Length), 0, 0, .. message];

    private static byte[] Option6(byte code, byte[] body) => [0, code, .. Be16(body.Length), .. body];

    private static byte[] Be16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Be(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
