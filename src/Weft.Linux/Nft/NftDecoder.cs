using System.Text;
using Weft.Linux.Netlink;

namespace Weft.Linux.Nft;

/// <summary>From attributes of nf_tables to records.</summary>
internal static class NftDecoder
{
    internal static NftChain Chain(byte family, NetlinkReader a)
    {
        var hook = a.Find(Nf.CHAIN_HOOK);
        var type = a.Find(Nf.CHAIN_TYPE).Text;
        return new(Nf.FamilyName(family), a.Find(Nf.CHAIN_TABLE).Text, a.Find(Nf.CHAIN_NAME).Text, type.Length > 0 ? type : null,
            hook.Payload.IsEmpty ? null : hook.Nested.Find(Nf.HOOK_HOOKNUM).Be32, (int)hook.Nested.Find(Nf.HOOK_PRIORITY).Be32,
            !hook.Payload.IsEmpty && a.Find(Nf.CHAIN_POLICY).Be32 == Nf.DROP);
    }

    internal static NftSet Set(NetlinkReader a)
    {
        var flags = a.Find(Nf.SET_FLAGS).Be32;
        return new(a.Find(Nf.SET_NAME).Text, (int)a.Find(Nf.SET_KEY_LEN).Be32, (int)a.Find(Nf.SET_DATA_LEN).Be32, a.Find(Nf.SET_DATA_TYPE).Be32 == Nf.TYPE_VERDICT,
            (flags & Nf.SET_MAP) != 0, (flags & Nf.SET_INTERVAL) != 0);
    }

    internal static List<NftElement> Elements(NetlinkReader list)
    {
        var all = new List<NftElement>();
        foreach (var e in list) all.Add(Element(e.Nested));
        return all;
    }

    /// <summary>nft's comment in user data: type 0, length, text with its closing zero. Null when there is none.</summary>
    internal static string? Comment(ReadOnlySpan<byte> userdata)
    {
        while (userdata.Length >= 2 && userdata.Length >= 2 + userdata[1])
        {
            if (userdata[0] == 0) return Encoding.UTF8.GetString(userdata.Slice(2, userdata[1]).TrimEnd((byte)0));
            userdata = userdata[(2 + userdata[1])..];
        }
        return null;
    }

    internal static NftCounter Counter(NetlinkReader a)
    {
        var data = a.Find(Nf.OBJ_DATA).Nested;
        return new(a.Find(Nf.OBJ_NAME).Text, data.Find(Nf.COUNTER_PACKETS).Be64, data.Find(Nf.COUNTER_BYTES).Be64);
    }

    private static NftElement Element(NetlinkReader a)
    {
        var (packets, bytes) = CounterOf(a);
        return new(Value(a, Nf.SET_ELEM_KEY) ?? [], Value(a, Nf.SET_ELEM_KEY_END), Value(a, Nf.SET_ELEM_DATA), Verdict(a.Find(Nf.SET_ELEM_DATA).Nested),
            Comment(a.Find(Nf.SET_ELEM_USERDATA).Payload))
        {
            IntervalEnd = (a.Find(Nf.SET_ELEM_FLAGS).Be32 & Nf.SET_ELEM_INTERVAL_END) != 0,
            Packets = packets,
            Bytes = bytes,
        };
    }

    private static byte[]? Value(NetlinkReader a, ushort type)
    {
        var value = a.Find(type).Nested.Find(Nf.DATA_VALUE).Payload;
        return value.IsEmpty ? null : value.ToArray();
    }

    private static NftVerdict? Verdict(NetlinkReader data)
    {
        var v = data.Find(Nf.DATA_VERDICT);
        if (v.Payload.IsEmpty) return null;
        var chain = v.Nested.Find(Nf.VERDICT_CHAIN).Text;
        return new((int)v.Nested.Find(Nf.VERDICT_CODE).Be32, chain.Length > 0 ? chain : null);
    }

    private static (ulong, ulong) CounterOf(NetlinkReader a)
    {
        var e = a.Find(Nf.SET_ELEM_EXPR);
        if (e.Payload.IsEmpty) e = a.Find(Nf.SET_ELEM_EXPRESSIONS).Nested.Find(Nf.LIST_ELEM);
        if (e.Nested.Find(Nf.EXPR_NAME).Text != "counter") return default;
        var data = e.Nested.Find(Nf.EXPR_DATA).Nested;
        return (data.Find(Nf.COUNTER_PACKETS).Be64, data.Find(Nf.COUNTER_BYTES).Be64);
    }
}
