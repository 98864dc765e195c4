using System.Net;
using CsCheck;
using Weft.Core.Model;
using Weft.Core.Policy;
using Weft.Core.Resources;

namespace Weft.Engine.Tests.Drivers;

/// <summary>Elements of Weft's sets, as modes write them.</summary>
internal static class NftElementGen
{
    private const string NameLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

    private static readonly Gen<string> Word = Gen.String[Gen.Char[NameLetters], 1, 15];

    /// <summary>Elements of any set.</summary>
    public static readonly Gen<NftElementResource> Any = Gen.OneOf([.. NftSchema.All.Select(Of)]);

    /// <summary>Elements of one set.</summary>
    public static Gen<NftElementResource> Of(NftSetSchema schema) =>
        from owner in Gen.OneOf(Word, Gen.Const(Resource.Shared))
        from network in Gen.OneOf(Word, Gen.Const(""))
        from fields in Fields(schema.KeyTypes, schema.Interval)
        from data in schema.DataTypes is ["verdict"] ? Verdict.Select(v => new[] { v }) : Fields(schema.DataTypes, ranges: false)
        select new NftElementResource(owner, network, schema.Table, schema.Set, [.. fields], [.. data]);

    private static Gen<string> Verdict => Gen.OneOf(Gen.OneOf(Gen.Const("accept"), Gen.Const("drop"), Gen.Const("return")), Word.Select(w => $"goto {w}"), Word.Select(w => $"jump {w}"));

    private static Gen<string[]> Fields(IReadOnlyList<string> types, bool ranges) =>
        types.Aggregate(Gen.Const(Array.Empty<string>()), (all, type) => all.SelectMany(a => Field(type, ranges).Select(f => (string[])[.. a, f])));

    private static Gen<string> Field(string type, bool ranges) => type switch
    {
        "ifname" => Word,
        "ether_addr" => Gen.Byte.Array[6].Select(b => string.Join(':', b.Select(x => x.ToString("x2")))),
        "ipv4_addr" => Address(4, ranges),
        "ipv6_addr" or NftSetSchema.NdTarget => Address(16, ranges),
        "inet_proto" => Gen.OneOf(new[] { "tcp", "udp", "icmp", "ipv6-icmp", "sctp", "99" }.Select(Gen.Const).ToArray()),
        _ => ranges ? Gen.Select(Gen.UShort, Gen.UShort).Select(Range) : Gen.UShort.Select(p => $"{p}"),
    };

    private static Gen<string> Address(int bytes, bool ranges) =>
        Gen.Byte.Array[bytes].SelectMany(b => (ranges ? Gen.Int[0, bytes * 8] : Gen.Const(bytes * 8)).Select(l => NftElementText.Prefix(new IpPrefix(new IPAddress(b), l))));

    private static string Range((ushort A, ushort B) r) => r.A == r.B ? $"{r.A}" : $"{Math.Min(r.A, r.B)}-{Math.Max(r.A, r.B)}";
}
