using System.Text;
using Weft.Linux.Netlink;

namespace Weft.Linux.Nft;

/// <summary>Changes to nf_tables that are carried out together or not at all.</summary>
public sealed class NftBatch
{
    private const int MostBytes = 48_000; // of one list of elements: nla_len has 16 bits, and a nest's length must fit with its header
    private readonly List<string> _what = [];

    /// <summary>Begins a batch.</summary>
    /// <param name="generation">The ruleset generation it was planned on; another one refuses the batch with ERESTART. Null does not ask.</param>
    public NftBatch(uint? generation = null)
    {
        Writer.Begin(Nf.MSG_BATCH_BEGIN, Nlm.F_REQUEST).Struct(new NfGenMsg(Nf.PROTO_UNSPEC, 0, Swap(Nf.SUBSYS_NFTABLES)));
        if (generation is { } g) Writer.PutBe32(Nf.BATCH_GENID, g);
        Writer.End();
        _what.Add("begin a batch of nftables changes (somebody else changed the ruleset since it was read)");
    }

    internal NetlinkWriter Writer { get; } = new();

    /// <summary>Adds elements; one that is there with the same value is left.</summary>
    /// <param name="family">Family of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="set">The set or map.</param>
    /// <param name="elements">What is added.</param>
    /// <param name="exclusive">An element that is there, with whatever value, refuses the batch with EEXIST.</param>
    /// <param name="what">What a refusal says was wanted; null names the set.</param>
    public void Add(string family, string table, string set, IEnumerable<NftElement> elements, bool exclusive = false, string? what = null) =>
        Elements(Nf.MSG_NEWSETELEM, (ushort)(Nlm.F_CREATE | (exclusive ? Nlm.F_EXCL : 0)), family, table, set, elements,
            what ?? $"add an element to {family} {table} {set}");

    /// <summary>Deletes elements; one that is absent refuses the batch with ENOENT.</summary>
    /// <param name="family">Family of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="set">The set or map.</param>
    /// <param name="elements">What is deleted; only keys count.</param>
    /// <param name="what">What a refusal says was wanted; null names the set.</param>
    public void Delete(string family, string table, string set, IEnumerable<NftElement> elements, string? what = null) =>
        Elements(Nf.MSG_DELSETELEM, 0, family, table, set, elements, what ?? $"delete an element from {family} {table} {set}");

    /// <summary>Deletes a table with all that is in it; one that is absent refuses the batch with ENOENT.</summary>
    public void DeleteTable(string family, string table)
    {
        Begin(Nf.MSG_DELTABLE, 0, family).PutString(Nf.TABLE_NAME, table).End();
        _what.Add($"delete nftables table {family} {table}");
    }

    internal string Describe(int message) => message < _what.Count ? _what[message] : "end the batch of nftables changes";

    internal void End() =>
        Writer.Begin(Nf.MSG_BATCH_END, Nlm.F_REQUEST).Struct(new NfGenMsg(Nf.PROTO_UNSPEC, 0, Swap(Nf.SUBSYS_NFTABLES))).End();

    private NetlinkWriter Begin(ushort message, ushort flags, string family) =>
        Writer.Begin(Nf.Type(message), (ushort)(Nlm.F_REQUEST | flags)).Struct(new NfGenMsg(Nf.Family(family), 0, 0));

    private void Elements(ushort message, ushort flags, string family, string table, string set, IEnumerable<NftElement> elements, string what)
    {
        using var e = elements.GetEnumerator();
        var more = e.MoveNext();
        while (more)
        {
            Begin(message, flags, family).PutString(Nf.SET_ELEM_LIST_TABLE, table).PutString(Nf.SET_ELEM_LIST_SET, set);
            var list = Writer.BeginNest(Nf.SET_ELEM_LIST_ELEMENTS | Nlm.NLA_F_NESTED);
            for (var start = Writer.Written.Length; more && Writer.Written.Length - start < MostBytes; more = e.MoveNext())
                Element(e.Current, message == Nf.MSG_NEWSETELEM);
            Writer.EndNest(list);
            Writer.End();
            _what.Add(what);
        }
    }

    private void Element(NftElement e, bool whole)
    {
        var nest = Writer.BeginNest(Nf.LIST_ELEM | Nlm.NLA_F_NESTED);
        Data(Nf.SET_ELEM_KEY, e.Key);
        if (e.KeyEnd is not null) Data(Nf.SET_ELEM_KEY_END, e.KeyEnd);
        if (e.IntervalEnd) Writer.PutBe32(Nf.SET_ELEM_FLAGS, Nf.SET_ELEM_INTERVAL_END);
        if (whole && e.Data is not null) Data(Nf.SET_ELEM_DATA, e.Data);
        if (whole && e.Verdict is { } verdict) Verdict(verdict);
        if (whole && e.Comment is not null) Comment(e.Comment);
        Writer.EndNest(nest);
    }

    private void Data(ushort type, byte[] value)
    {
        var nest = Writer.BeginNest((ushort)(type | Nlm.NLA_F_NESTED));
        Writer.Put(Nf.DATA_VALUE, value);
        Writer.EndNest(nest);
    }

    private void Verdict(NftVerdict v)
    {
        var data = Writer.BeginNest(Nf.SET_ELEM_DATA | Nlm.NLA_F_NESTED);
        var nest = Writer.BeginNest(Nf.DATA_VERDICT | Nlm.NLA_F_NESTED);
        Writer.PutBe32(Nf.VERDICT_CODE, (uint)v.Code);
        if (v.Chain is not null) Writer.PutString(Nf.VERDICT_CHAIN, v.Chain);
        Writer.EndNest(nest);
        Writer.EndNest(data);
    }

    // nft's own layout of user data: type 0 (comment), length, text with its closing zero.
    private void Comment(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        const int longest = 128; // NFTNL_UDATA_COMMENT_MAXLEN of nft
        var n = Math.Min(bytes.Length, longest - 1);
        Span<byte> tlv = stackalloc byte[n + 3];
        tlv.Clear();
        tlv[1] = (byte)(n + 1);
        bytes.AsSpan(0, n).CopyTo(tlv[2..]);
        Writer.Put(Nf.SET_ELEM_USERDATA, tlv);
    }

    private static ushort Swap(ushort v) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(v);
}
