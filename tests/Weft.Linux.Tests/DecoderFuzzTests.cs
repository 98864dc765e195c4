using System.Runtime.InteropServices;
using CsCheck;
using Weft.Linux.Netlink;
using Weft.Linux.Nft;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Linux.Tests;

/// <summary>Whatever bytes come from a socket: they are read, or refused with the one exception that says so.</summary>
public sealed class DecoderFuzzTests
{
    private delegate void Decoder(ReadOnlySpan<byte> message);

    private static readonly (string Name, Decoder Decode)[] Decoders =
    [
        ("link", m => LinkDecoder.Read(m)), ("address", m => AddressCodec.Read(m)), ("route", m => RouteDecoder.Read(m)), ("rule", m => RuleCodec.Read(m)),
        ("neighbour", m => NeighbourCodec.Read(m)), ("fdb", m => NeighbourCodec.ReadFdb(m)), ("vlans", m => BridgeVlanCodec.Read(m)), ("vlan database", m => BridgeVlanCodec.ReadDatabase(m)),
        ("chain", m => NftDecoder.Chain(2, new NetlinkReader(m))), ("set", m => NftDecoder.Set(new NetlinkReader(m))), ("elements", m => NftDecoder.Elements(new NetlinkReader(m))),
        ("counter", m => NftDecoder.Counter(new NetlinkReader(m))), ("comment", m => NftDecoder.Comment(m)),
    ];

    public static TheoryData<string> Names => [.. Decoders.Select(d => d.Name)];

    // Attributes of lengths that make sense, some of them with attributes in them, and cut somewhere.
    private static readonly Gen<byte[]> Leaf = Gen.Select(Gen.UShort[0, 60], Gen.Byte.Array[0, 24], Attribute);
    private static readonly Gen<byte[]> Nest = Gen.Select(Gen.UShort[0, 60], Leaf.Array[0, 4], (type, inner) => Attribute(type, [.. inner.SelectMany(i => i)]));
    private static readonly Gen<byte[]> Attributes = Gen.OneOf(Leaf, Nest, Gen.Select(Gen.UShort[0, 60], Nest.Array[0, 3], (type, inner) => Attribute(type, [.. inner.SelectMany(i => i)])))
        .Array[0, 8].Select(all => all.SelectMany(a => a).ToArray());
    private static readonly Gen<byte[]> Message = Gen.Select(Pick<byte>(0, 2, 7, 10), Pick(0, 3, 7, 11, 15), Gen.Byte.Array[15], Attributes, Gen.Int[0, 400],
        (family, header, bytes, attributes, cut) => ((byte[])[family, .. bytes.AsSpan(0, header), .. attributes]) is var all ? all[..Math.Min(cut, all.Length)] : []);

    [Theory, MemberData(nameof(Names))]
    public void Messages_are_read_or_refused(string name)
    {
        var decode = Decoders.First(d => d.Name == name).Decode;
        Gen.OneOf(Message, Attributes, Gen.Byte.Array[0, 400]).Sample(bytes => Refusing(() => decode(bytes)), iter: 10_000);
    }

    private static readonly string[] Fields = ["ipv4_addr", "ipv6_addr", "ether_addr", "inet_proto", "inet_service", "ifname", "mark", "integer"];

    [Fact]
    public void Keys_are_read_or_refused() => Gen.Select(Pick(Fields).Array[1, 4], Gen.Byte.Array[0, 80], Gen.Byte.Array[0, 80])
        .Sample((types, key, end) => Refusing(() => NftKey.Decode(types, key, end)), iter: 20_000);

    [Fact]
    public void Texts_of_verdicts_and_MACs_are_read_or_refused() => Gen.OneOf(Gen.String, Pick("jump", "goto", " ", "accept", ":", "52:54:00", "0", "ff", "-").Array[0, 8].Select(string.Concat)).Sample(text =>
    {
        Refusing(() => NftVerdict.Parse(text));
        Refusing(() => MacAddress.Parse(text));
    }, iter: 10_000);

    private static void Refusing(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static byte[] Attribute(ushort type, byte[] payload)
    {
        var bytes = new byte[4 + ((payload.Length + 3) & ~3)];
        MemoryMarshal.Write(bytes, (ushort)(4 + payload.Length));
        MemoryMarshal.Write(bytes.AsSpan(2), type);
        payload.CopyTo(bytes, 4);
        return bytes;
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
