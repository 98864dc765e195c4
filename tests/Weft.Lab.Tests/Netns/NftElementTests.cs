using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Nft;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>Elements of Weft's own tables, through the kernel and back.</summary>
public sealed class NftElementTests : IDisposable
{
    private readonly TestNamespace _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Every_set_of_the_skeleton_gives_back_what_was_written() => _host.Run(() =>
    {
        Load();
        using var socket = new NftSocket();
        foreach (var set in NftSchema.All)
        {
            var (family, table) = (set.Table.Split(' ')[0], set.Table.Split(' ')[1]);
            var fields = set.KeyTypes.Select((t, i) => Sample(t, set.Interval && i == set.KeyTypes.Length - 1)).ToArray();
            var data = set.DataTypes.Select(t => t == "verdict" ? Verdict(family) : Sample(t, false)).ToArray();
            var batch = new NftBatch();
            batch.Add(family, table, set.Set, [Element(set, fields, data, "lab/dev")]);
            socket.Commit(batch);

            var back = Assert.Single(socket.Elements(family, table, set.Set));
            Assert.Equal(fields, NftKey.Decode(set.KeyTypes, back.Key, back.KeyEnd));
            Assert.Equal("lab/dev", back.Comment);
            if (set.DataTypes is ["verdict"]) Assert.Equal(data[0], back.Verdict.ToString());
            else if (data.Length > 0) Assert.Equal(data, NftKey.Decode(set.DataTypes, back.Data, default));
            Assert.NotNull(socket.Elements([(family, table, set.Set, back.Key, back.KeyEnd)])[0]);

            var delete = new NftBatch();
            delete.Delete(family, table, set.Set, [back]);
            socket.Commit(delete);
            Assert.Empty(socket.Elements(family, table, set.Set));
        }
    });

    [Fact]
    public void A_batch_planned_on_another_generation_changes_nothing() => _host.Run(() =>
    {
        Load();
        using var socket = new NftSocket();
        var generation = socket.Generation();
        NftText.Apply("table ip other { }");
        var batch = new NftBatch(generation);
        batch.Add("inet", "weft", "nets", [Element(NftSchema.Of("inet weft", "nets"), ["b0"], [], "x")]);
        Assert.Equal(Errno.ERESTART, Assert.Throws<NetlinkException>(() => socket.Commit(batch)).Errno);
        Assert.Empty(socket.Elements("inet", "weft", "nets"));
    });

    [Fact]
    public void One_bad_element_refuses_the_whole_batch() => _host.Run(() =>
    {
        Load();
        using var socket = new NftSocket();
        var networks = NftSchema.Of("inet weft", "nets");
        var batch = new NftBatch();
        batch.Add("inet", "weft", "nets", [Element(networks, ["b0"], [], "x")]);
        batch.Delete("inet", "weft", "nets", [Element(networks, ["absent"], [], "x")]);
        var e = Assert.Throws<NetlinkException>(() => socket.Commit(batch));
        Assert.Contains("delete an element from inet weft nets", e.Message, StringComparison.Ordinal);
        Assert.Empty(socket.Elements("inet", "weft", "nets"));
    });

    [Fact]
    public void Twenty_thousand_elements_go_in_one_batch() => _host.Run(() =>
    {
        Load();
        using var socket = new NftSocket();
        var macs = NftSchema.Of("bridge weft", "macs");
        var batch = new NftBatch();
        batch.Add("bridge", "weft", "macs", Enumerable.Range(0, 20_000).Select(i => Element(macs, [$"t{i}", $"0a:00:00:00:{i / 256:x2}:{i % 256:x2}"], [], "lab/dev")));
        socket.Commit(batch);
        Assert.Equal(20_000, socket.Elements("bridge", "weft", "macs").Count);
    });

    private static void Load() => NftText.Apply(NftSkeleton.Inet.Text + NftSkeleton.Bridge.Text + NftSkeleton.SynProxy.Text);

    private static NftElement Element(NftSetSchema set, string[] fields, string[] data, string comment)
    {
        var key = NftKey.Encode(set.KeyTypes, fields, out var end);
        return new(key, set.Interval ? end ?? key : null, data.Length == 0 || set.DataTypes[0] == "verdict" ? null : NftKey.Encode(set.DataTypes, data, out _),
            set.DataTypes is ["verdict"] ? NftVerdict.Parse(data[0]) : null, comment);
    }

    private static string Verdict(string family) => family == "bridge" ? "goto guard" : "jump rate_50";

    private static string Sample(string type, bool range) => type switch
    {
        "ifname" => "wb-dev",
        "ether_addr" => "52:54:00:00:00:01",
        "ipv4_addr" => range ? "10.1.2.0/24" : "10.1.2.3",
        "ipv6_addr" or "nd_target" => range ? "fd00:1::/64" : "fd00:1::7",
        "inet_proto" => "tcp",
        _ => range ? "80-90" : "80",
    };
}
