using CsCheck;
using Weft.Linux.Libc;
using Weft.Linux.Nft;
using Weft.Tests;

namespace Weft.Linux.Tests.Nft;

public class NftWatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // the kernel tells before the command that made the change ends

    [Fact]
    public void Changes_of_the_tables_asked_for_are_told_with_whose_elements_they_are_and_by_whom()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var watch = new NftWatch(t => t == "mine");
            Nft(ns, "add table inet mine; add set inet mine s { type ipv4_addr; }; add table inet other");
            Assert.Equal(("inet mine", "nft"), Told(watch));
            Nft(ns, "add element inet mine s { 10.0.0.1 comment \"lab/dev\", 10.0.0.2 }");
            Assert.Equal(("inet mine lab/dev inet mine -", "nft"), Told(watch));
            Nft(ns, "flush set inet mine s");
            Assert.Equal(("inet mine lab/dev inet mine -", "nft"), Told(watch));
            Nft(ns, "delete table inet other");
            Assert.Equal(("", "nft"), Told(watch));
            Nft(ns, "flush ruleset");
            Assert.Equal(("inet mine", "nft"), Told(watch));
        });
    }

    [Fact]
    public void What_is_too_much_to_be_kept_is_told_as_lost()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var watch = new NftWatch(_ => true, receiveBytes: 1);
            foreach (var n in Enumerable.Range(0, 20)) Nft(ns, $"add table inet t{n}");
            Assert.False(watch.Read(_ => { }, _ => { }));
            Nft(ns, "add table inet last");
            var tables = new List<string>();
            Assert.True(watch.Read(n => tables.Add(n.Table), _ => { }));
            Assert.Equal(["last"], tables);
        });
    }

    [Fact]
    public void Random_notices_are_read_or_refused() => Gen.Select(Gen.UShort[0x0a00, 0x0a20], Gen.Byte.Array[0, 300]).Sample((type, bytes) =>
    {
        try
        {
            NftWatch.Read(type, bytes, _ => true, n => Assert.NotNull(n.Table), by => Assert.NotEmpty(by.Name));
        }
        catch (InvalidDataException)
        {
            Assert.True(bytes.Length < 4);
        }
    });

    // What is told twice in a row is named once.
    private static (string What, string By) Told(NftWatch watch)
    {
        Assert.True(Poll.Any(Patience, watch.Descriptor));
        var (what, by) = (new List<string>(), new List<string>());
        Assert.True(watch.Read(n => what.Add(string.Join(' ', [n.Family, n.Table, .. n.Comments.Select(c => c ?? "-")])), b => by.Add(b.Name)));
        return (string.Join(' ', what.Distinct().OrderDescending(StringComparer.Ordinal)), string.Join(' ', by));
    }

    private static void Nft(TestNamespace ns, string commands) => ns.Exec("nft", commands);
}
