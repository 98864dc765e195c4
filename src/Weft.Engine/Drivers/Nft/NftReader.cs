using System.Net;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Nft;

namespace Weft.Engine.Drivers.Nft;

/// <summary>Reads what is Weft's in nftables.</summary>
internal sealed class NftReader(NftSocket socket)
{
    // One element costs a question and an answer, some 5 us; a dump of a set as much for every 5 elements it has, whoever owns them.
    private const int Few = 16, Share = 5;

    private readonly Dictionary<NftSetSchema, int> _sizes = []; // of sets when they were last read whole

    private static readonly NftTableResource[] Skeletons = [NftSkeleton.Inet, NftSkeleton.Bridge, NftSkeleton.BridgeByName, NftSkeleton.SynProxy];

    private static readonly Dictionary<string, Lazy<string>> Shapes = Skeletons.ToDictionary(s => s.Hash, s => new Lazy<string>(() => NftShape.Of(s.Text)));

    /// <summary>Weft's tables.</summary>
    public IEnumerable<NftTableResource> Tables()
    {
        foreach (var t in socket.Tables().Where(t => NftNames.IsOurs(t.Name)))
            if (socket.Elements(t.Family, t.Name, NftTableResource.VersionSet) is [{ Comment: { } hash }] && NftNames.IsHash(hash)) yield return Table(t, hash);
    }

    /// <summary>Weft's elements of a table.</summary>
    public IEnumerable<(NftElementResource Element, ulong Packets, ulong Bytes)> Elements(NftTableResource table)
    {
        var name = $"{table.Family} {table.Name}";
        var readable = Readable(table);
        foreach (var schema in NftSchema.All.Where(s => s.Table == name && readable(s)))
            foreach (var e in Elements(schema)) yield return e;
    }

    /// <summary>Weft's elements of a set.</summary>
    public IEnumerable<(NftElementResource Element, ulong Packets, ulong Bytes)> Elements(NftSetSchema schema)
    {
        foreach (var e in Dump(schema))
            if (NftElementCodec.FromKernel(schema, e) is { Owner.Length: > 0 } element) yield return (element, e.Packets, e.Bytes);
    }

    /// <summary>Those of the elements that are there, Weft's or not (owner "").</summary>
    public IEnumerable<NftElementResource> Elements(IEnumerable<ResourceKey> keys)
    {
        var few = new List<(ResourceKey Key, NftSetSchema Schema)>();
        foreach (var set in keys.GroupBy(NftNames.SetOf))
        {
            var (schema, wanted) = (NftSchema.Of(set.Key.Table, set.Key.Set), set.ToHashSet());
            if (wanted.Count <= Math.Max(Few, _sizes.GetValueOrDefault(schema) / Share)) few.AddRange(wanted.Select(k => (k, schema)));
            else
                foreach (var e in Dump(schema).Select(e => NftElementCodec.FromKernel(schema, e)).Where(e => wanted.Contains(e.Key))) yield return e;
        }
        foreach (var e in Some(few)) yield return e;
    }

    /// <summary>Named counters of Weft's tables.</summary>
    public IEnumerable<NftCounter> NamedCounters() => Skeletons.DistinctBy(s => s.Key).SelectMany(s => socket.Counters(s.Family, s.Name));

    /// <summary>What the port policy dropped, by tap.</summary>
    public IReadOnlyDictionary<string, (ulong Packets, ulong Bytes)> Spoofers()
    {
        var (family, table) = NftNames.Split(BridgeSets.Table);
        return socket.Elements(family, table, BridgeSets.Spoofers).ToDictionary(e => NftKey.Decode(["ifname"], e.Key, default)[0], e => (e.Packets, e.Bytes));
    }

    /// <summary>Addresses that machines have told of, where somebody else gives them: by port and MAC.</summary>
    public ILookup<(string Port, string Mac), IPAddress> Seen()
    {
        var (family, table) = NftNames.Split(BridgeSets.Table);
        IEnumerable<string[]> Keys(string set, string type) => socket.Elements(family, table, set).Select(e => NftKey.Decode(["ifname", "ether_addr", type], e.Key, default).ToArray());
        return Keys(BridgeSets.Seen4, "ipv4_addr").Concat(Keys(BridgeSets.Seen6, "ipv6_addr")).ToLookup(k => (k[0], k[1]), k => IPAddress.Parse(k[2]));
    }

    private IReadOnlyList<NftElement> Dump(NftSetSchema schema)
    {
        var (family, table) = NftNames.Split(schema.Table);
        var all = socket.Elements(family, table, schema.Set);
        _sizes[schema] = all.Count;
        return all;
    }

    // An interval set answers with the range that the key lies in, which may be another one than asked for.
    private IEnumerable<NftElementResource> Some(List<(ResourceKey Key, NftSetSchema Schema)> wanted)
    {
        if (wanted.Count == 0) return [];
        var found = socket.Elements([.. wanted.Select(w => Question(w.Key, w.Schema))]);
        return wanted.Zip(found).Where(w => w.Second is not null).Select(w => (w.First.Key, Element: NftElementCodec.FromKernel(w.First.Schema, w.Second!))).Where(w => w.Key == w.Element.Key).Select(w => w.Element);
    }

    private static (string, string, string, byte[], byte[]?) Question(ResourceKey wanted, NftSetSchema schema)
    {
        var (family, table) = NftNames.Split(schema.Table);
        var key = NftKey.Encode(schema.KeyTypes, NftNames.FieldsOf(wanted), out var end);
        return (family, table, schema.Set, key, schema.Interval ? end ?? key : null);
    }

    // A table that somebody has changed by hand is as one of another version: it is replaced as such, and can be put back as such.
    private NftTableResource Table(NftTable t, string hash)
    {
        var skeleton = Skeletons.FirstOrDefault(s => s.Family == t.Family && s.Name == t.Name && s.Hash == hash);
        if (skeleton is null) return new(t.Family, t.Name, NftText.Declarations(t.Family, t.Name), hash);
        var shape = NftShape.Of(socket, t);
        return shape == Shapes[skeleton.Hash].Value ? skeleton : new(t.Family, t.Name, NftText.Declarations(t.Family, t.Name), NftShape.Hash(hash, shape));
    }

    // Another version of Weft may have laid a set out in another way; then its elements mean nothing to this one.
    private Func<NftSetSchema, bool> Readable(NftTableResource table)
    {
        if (Skeletons.Contains(table)) return _ => true;
        var sets = socket.Sets(table.Family, table.Name).ToDictionary(s => s.Name);
        return s => sets.TryGetValue(s.Set, out var there) && SameLayout(s, there);
    }

    private static bool SameLayout(NftSetSchema s, NftSet there)
    {
        var verdict = s.DataTypes is ["verdict"];
        return there.KeyBytes == NftKey.Length(s.KeyTypes) && there.Interval == s.Interval && there.Map == !s.DataTypes.IsEmpty && there.Verdicts == verdict
            && (verdict || !there.Map || there.DataBytes == NftKey.Length(s.DataTypes));
    }
}
