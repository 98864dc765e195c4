using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Linux.Nft;

/// <summary>Reads and changes nf_tables of the network namespace of the thread that made it. Not safe for use by several threads at once.</summary>
public sealed class NftSocket : IDisposable
{
    private readonly NetlinkSocket _socket = new(NetlinkSocket.NETFILTER);
    private readonly NetlinkWriter _writer = new();

    /// <summary>The generation of the ruleset: any change by anyone raises it.</summary>
    /// <exception cref="NetlinkException">nf_tables is not there.</exception>
    public uint Generation()
    {
        uint generation = 0;
        Query(Nf.MSG_GETGEN, 0, Nf.PROTO_UNSPEC, null, "read the ruleset generation", p => generation = p.Find(Nf.GEN_ID).Be32);
        return generation;
    }

    /// <summary>All tables of all families.</summary>
    public IReadOnlyList<NftTable> Tables() => Dump(Nf.MSG_GETTABLE, Nf.PROTO_UNSPEC, null, "list nftables tables", (family, a) =>
        new NftTable(Nf.FamilyName(family), a.Find(Nf.TABLE_NAME).Text, NftDecoder.Comment(a.Find(Nf.TABLE_USERDATA).Payload)));

    /// <summary>All chains of all families.</summary>
    public IReadOnlyList<NftChain> Chains() => Dump(Nf.MSG_GETCHAIN, Nf.PROTO_UNSPEC, null, "list nftables chains", NftDecoder.Chain);

    /// <summary>For each rule of a table, the chain it is in.</summary>
    public IReadOnlyList<string> RuleChains(string family, string table) =>
        Dump(Nf.MSG_GETRULE, Nf.Family(family), w => w.PutString(Nf.RULE_TABLE, table), $"list the rules of {family} {table}", (_, a) => a.Find(Nf.RULE_CHAIN).Text);

    /// <summary>All sets and maps of a table.</summary>
    public IReadOnlyList<NftSet> Sets(string family, string table) =>
        Dump(Nf.MSG_GETSET, Nf.Family(family), w => w.PutString(Nf.SET_TABLE, table), $"list the sets of {family} {table}", (_, a) => NftDecoder.Set(a));

    /// <summary>The named counters of a table; none when there is no such table.</summary>
    public IReadOnlyList<NftCounter> Counters(string family, string table) =>
        Dump(Nf.MSG_GETOBJ, Nf.Family(family), w => w.PutString(Nf.OBJ_TABLE, table).PutBe32(Nf.OBJ_TYPE, Nf.OBJECT_COUNTER), $"list the counters of {family} {table}", (_, a) => NftDecoder.Counter(a));

    /// <summary>The elements of a set or map; none when there is no such set.</summary>
    public IReadOnlyList<NftElement> Elements(string family, string table, string set)
    {
        try
        {
            var lists = Dump(Nf.MSG_GETSETELEM, Nf.Family(family), w => w.PutString(Nf.SET_ELEM_LIST_TABLE, table).PutString(Nf.SET_ELEM_LIST_SET, set),
                $"list the elements of {family} {table} {set}", (_, a) => NftDecoder.Elements(a.Find(Nf.SET_ELEM_LIST_ELEMENTS).Nested));
            return [.. lists.SelectMany(l => l)];
        }
        catch (NetlinkException e) when (e.Errno == Errno.ENOENT)
        {
            return [];
        }
    }

    /// <summary>Elements by their keys, in the order of those; null for one that the set has not.</summary>
    /// <param name="keys">Each with the end of the interval that it is, where it is one.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public NftElement?[] Elements(IReadOnlyList<(string Family, string Table, string Set, byte[] Key, byte[]? End)> keys)
    {
        _writer.Clear();
        foreach (var (family, table, set, key, end) in keys)
        {
            _writer.Begin(Nf.Type(Nf.MSG_GETSETELEM), Nlm.F_REQUEST).Struct(new NfGenMsg(Nf.Family(family), 0, 0));
            Key(_writer, table, set, key, end);
            _writer.End();
        }
        var found = new NftElement?[keys.Count];
        string Describe(int i) => $"read an element of {keys[i].Family} {keys[i].Table} {keys[i].Set}";
        var refused = _socket.Ask(_writer, Describe, (i, p) => found[i] = NftDecoder.Elements(new NetlinkReader(p[4..]).Find(Nf.SET_ELEM_LIST_ELEMENTS).Nested).FirstOrDefault());
        return refused.FirstOrDefault(e => e.Errno != Errno.ENOENT) is { } fault ? throw fault : found;
    }

    /// <summary>Carries out a batch: all of it, or nothing.</summary>
    /// <exception cref="NetlinkException">What was refused and why; errno ERESTART when the generation was another.</exception>
    public void Commit(NftBatch batch)
    {
        batch.End();
        _socket.Execute(batch.Writer, batch.Describe, int.MaxValue);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private delegate T Decode<T>(byte family, NetlinkReader attributes);

    private delegate void Handle(NetlinkReader attributes);

    private static void Key(NetlinkWriter w, string table, string set, byte[] key, byte[]? end)
    {
        w.PutString(Nf.SET_ELEM_LIST_TABLE, table).PutString(Nf.SET_ELEM_LIST_SET, set);
        var list = w.BeginNest(Nf.SET_ELEM_LIST_ELEMENTS | Nlm.NLA_F_NESTED);
        var element = w.BeginNest(Nf.LIST_ELEM | Nlm.NLA_F_NESTED);
        foreach (var (type, bytes) in new[] { (Nf.SET_ELEM_KEY, key), (Nf.SET_ELEM_KEY_END, end) })
        {
            if (bytes is null) continue;
            var nest = w.BeginNest((ushort)(type | Nlm.NLA_F_NESTED));
            w.Put(Nf.DATA_VALUE, bytes);
            w.EndNest(nest);
        }
        w.EndNest(element);
        w.EndNest(list);
    }

    private List<T> Dump<T>(ushort message, byte family, Action<NetlinkWriter>? put, string operation, Decode<T> decode)
    {
        while (true)
        {
            var all = new List<T>();
            Request(message, Nlm.F_DUMP, family, put);
            if (_socket.Query(_writer, operation, (_, _, p) => all.Add(decode(p[0], new NetlinkReader(p[4..]))))) return all;
        }
    }

    private void Query(ushort message, ushort flags, byte family, Action<NetlinkWriter>? put, string operation, Handle handle)
    {
        Request(message, flags, family, put);
        _socket.Query(_writer, operation, (_, _, p) => handle(new NetlinkReader(p[4..])));
    }

    private void Request(ushort message, ushort flags, byte family, Action<NetlinkWriter>? put)
    {
        _writer.Clear();
        _writer.Begin(Nf.Type(message), (ushort)(Nlm.F_REQUEST | flags)).Struct(new NfGenMsg(family, 0, 0));
        put?.Invoke(_writer);
        _writer.End();
    }
}
