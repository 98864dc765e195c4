using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Engine.Drivers.Nft;
using Weft.Linux.Netlink;
using Weft.Linux.Nft;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>The driver of nftables on a kernel: what it reads back is what it was told, whatever was there before.</summary>
public sealed class NftDriverTests : IDisposable
{
    private static readonly NftTableResource[] Tables = [NftSkeleton.Inet, NftSkeleton.Bridge, NftSkeleton.SynProxy];
    private readonly TestNamespace _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void What_is_made_is_read_back_and_taken_away_again() => Run(driver =>
    {
        Resource[] all = [.. Tables, .. Elements("lab")];
        driver.Apply(Create(all));
        AssertThere(driver, all);
        driver.Apply([.. all.Reverse().Select(r => new Step(r, null, ""))]);
        AssertThere(driver, []);
    });

    [Fact]
    public void A_ruleset_that_comes_and_goes_while_it_is_read_is_read_again() => Run(driver =>
    {
        using var stop = new CancellationTokenSource();
        var other = Task.Factory.StartNew(() => _host.Run(() => ComeAndGo(stop.Token)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var seen = new HashSet<int>();
        for (var i = 0; i < 400 || seen.Count < 2; i++) seen.Add(driver.Read(ReadScope.All).Count()); // a table was gone in the middle of every tenth or so
        stop.Cancel();
        other.GetAwaiter().GetResult();
    });

    private static void ComeAndGo(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            NftText.Apply(string.Concat(Tables.Select(t => t.Text + NftElementText.AddVersion(t))));
            NftText.Apply("flush ruleset");
        }
    }

    [Fact]
    public void Elements_of_every_set_go_by_netlink_too() => Run(driver =>
    {
        driver.Apply(Create(Tables));
        var elements = Elements("lab");
        driver.Apply(Create(elements));
        AssertThere(driver, [.. Tables, .. elements]);
        driver.Apply([.. elements.Select(e => new Step(e, null, ""))]);
        AssertThere(driver, Tables);
    });

    [Fact]
    public void Doing_steps_again_succeeds() => Run(driver =>
    {
        Resource[] all = [.. Tables, .. Elements("lab")];
        driver.Apply(Create(all));
        var generation = driver.Generation();
        driver.Apply(Create(all));
        driver.Apply(Create(all[^1..]));
        Assert.Equal(generation, driver.Generation());
        AssertThere(driver, all);
        Step[] remove = [.. all.Select(r => new Step(r, null, ""))];
        driver.Apply(remove[^1..]);
        driver.Apply(remove[^1..]);
        driver.Apply(remove);
        driver.Apply(remove);
        AssertThere(driver, []);
    });

    [Fact]
    public void Half_done_steps_are_completed() => Run(driver =>
    {
        var elements = Elements("lab");
        driver.Apply(Create([.. Tables, .. elements[..10]]));
        driver.Apply(Create([.. Tables, .. elements]));
        AssertThere(driver, [.. Tables, .. elements]);
    });

    [Fact]
    public void A_changed_value_or_network_is_written() => Run(driver =>
    {
        var before = Forward("10.0.0.2", "dev");
        driver.Apply(Create([NftSkeleton.Inet, before]));
        foreach (var after in new[] { Forward("10.0.0.3", "dev"), Forward("10.0.0.3", "renamed") })
        {
            driver.Apply([new Step(before, after, "")]);
            AssertThere(driver, [NftSkeleton.Inet, after]);
            driver.Apply([new Step(before, after, "")]);
            AssertThere(driver, [NftSkeleton.Inet, after]);
            before = after;
        }
        driver.Apply(Create([Forward("10.0.0.4", "dev")])); // a create that finds another value: a crash between undo and journal
        AssertThere(driver, [NftSkeleton.Inet, Forward("10.0.0.4", "dev")]);
    });

    [Fact]
    public void A_range_grows_in_one_transaction() => Run(driver =>
    {
        var (small, large) = (Range("8000-8010"), Range("8000-8020"));
        driver.Apply(Create([NftSkeleton.Inet, small]));
        var generation = driver.Generation();
        driver.Apply([new Step(small, null, ""), new Step(null, large, "")]);
        Assert.Equal(generation + 1, driver.Generation());
        AssertThere(driver, [NftSkeleton.Inet, large]);
        driver.Apply([new Step(small, null, ""), new Step(null, large, "")]);
        AssertThere(driver, [NftSkeleton.Inet, large]);
    });

    [Fact]
    public void Some_keys_are_read_without_the_rest() => Run(driver =>
    {
        var elements = Elements("lab");
        driver.Apply(Create([.. Tables, .. elements]));
        Assert.Equal([elements[3]], driver.Read(new ReadScope([elements[3].Key])));
        Assert.Equal(Sorted(elements), Sorted(driver.Read(new ReadScope([.. elements.Select(e => e.Key)]))));
        Assert.Equal([NftSkeleton.Bridge], driver.Read(new ReadScope([NftSkeleton.Bridge.Key, Forward("10.9.9.9", "x").Key])));
        Assert.Empty(driver.Read(new ReadScope([Range("8000").Key, new(ResourceKind.Bridge, "wb-dev")])));
    });

    [Fact]
    public void A_part_of_a_range_is_not_the_range() => Run(driver =>
    {
        driver.Apply(Create([NftSkeleton.Inet, Range("8000-8010")]));
        Assert.Empty(driver.Read(new ReadScope([Range("8000").Key, Range("8000-8009").Key])));
    });

    [Fact]
    public void Another_version_of_the_table_keeps_every_element_and_what_it_counted() => Run(driver =>
    {
        var elements = Elements("lab").Concat(Elements("other", 2)).ToArray();
        driver.Apply(Create([.. Tables.Select(Old), .. elements]));
        Assert.Equal(Sorted([.. Tables.Select(t => t.Key.Name + Old(t).Hash), .. elements.Select(e => e.Key.Name)]),
            Sorted(driver.Read(ReadScope.All).Select(r => r is NftTableResource t ? t.Key.Name + t.Hash : r.Key.Name)));
        NftText.Apply("add element inet weft fwd4 { 192.0.2.1 . tcp . 9 counter packets 7 bytes 700 comment \"lab/dev\" : 10.0.0.9 . 9 }");
        var (gone, come) = (elements[0], Forward("10.77.0.1", "dev"));

        driver.Apply([.. Tables.Select(t => new Step(Old(t), t, "")), new Step(gone, null, ""), new Step(null, come, "")]);

        AssertThere(driver, [.. Tables, .. elements[1..], come, new NftElementResource("lab", "dev", InetSets.Table, "fwd4", ["192.0.2.1", "tcp", "9"], ["10.0.0.9", "9"])]);
        Assert.Contains(driver.Counters(), c => c.Element.Fields.SequenceEqual(["192.0.2.1", "tcp", "9"]) && c is { Packets: 7, Bytes: 700 });
    });

    [Fact]
    public void Only_rules_change_where_the_sets_are_the_same() => Run(driver =>
    {
        driver.Apply(Create([Old(NftSkeleton.Inet), Forward("10.0.0.2", "dev")]));
        NftText.Apply("add element inet weft seen4 { 198.51.100.1 . 10.0.0.2 . tcp . 80 }\nadd element inet weft nets { \"by-hand\" }\n");
        driver.Apply([new Step(Old(NftSkeleton.Inet), NftSkeleton.Inet, ""), new Step(null, Range("80-90"), "")]);
        AssertThere(driver, [NftSkeleton.Inet, Forward("10.0.0.2", "dev"), Range("80-90")]);
        var listed = Listed();
        Assert.Contains("198.51.100.1 . 10.0.0.2 . tcp . 80", listed, StringComparison.Ordinal);
        Assert.Contains("by-hand", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(" old ", listed, StringComparison.Ordinal);
    });

    [Fact]
    public void A_set_that_was_declared_in_another_way_makes_the_table_anew() => Run(driver =>
    {
        var other = Old(NftSkeleton.Inet);
        other = other with { Text = other.Text.Replace("set host_access { type ifname; }", "set host_access { type ifname; counter; }", StringComparison.Ordinal)
            .Replace("set nets { type ifname; }", "set nets { type ipv4_addr; }", StringComparison.Ordinal).Replace("iifname @nets", "ip saddr @nets", StringComparison.Ordinal)
            .Replace("oifname @nets", "ip saddr @nets", StringComparison.Ordinal) };
        var access = new NftElementResource("lab", "dev", InetSets.Table, InetSets.HostAccess, ["wb-dev"], []);
        driver.Apply(Create([other, Forward("10.0.0.2", "dev"), access]));
        NftText.Apply("add element inet weft nets { 10.0.0.1 comment \"lab/dev\" }");
        driver.Apply([new Step(driver.Read(new ReadScope([NftSkeleton.Inet.Key])).Single(), NftSkeleton.Inet, ""), new Step(null, Range("80-90"), ""), new Step(Forward("10.0.0.2", "dev"), Forward("10.0.0.3", "dev"), "")]);
        AssertThere(driver, [NftSkeleton.Inet, Forward("10.0.0.3", "dev"), Range("80-90"), access]);
    });

    [Fact]
    public void What_was_read_of_an_older_version_can_be_put_back() => Run(driver =>
    {
        var elements = Elements("lab");
        driver.Apply(Create([.. Tables.Select(Old), .. elements]));
        var before = driver.Read(ReadScope.All).ToList();
        var olds = before.OfType<NftTableResource>().ToList();
        driver.Apply([.. olds.Select(t => new Step(t, Tables.Single(n => n.Key == t.Key), ""))]);
        driver.Apply([.. olds.Select(t => new Step(Tables.Single(n => n.Key == t.Key), t, "undo"))]);
        AssertThere(driver, before);
    });

    [Theory]
    [InlineData("flush table bridge weft")]
    [InlineData("flush chain bridge weft guard4")]
    [InlineData("insert rule bridge weft prerouting accept")]
    [InlineData("add chain bridge weft mine { type filter hook forward priority 0; }")]
    [InlineData("chain bridge weft prerouting { policy drop; }")]
    public void What_somebody_did_to_the_rules_shows_and_is_mended_and_can_be_put_back(string byHand) => Run(driver =>
    {
        var port = new NftElementResource("lab", "dev", BridgeSets.Table, "any4", ["wt-a"], []);
        driver.Apply(Create([NftSkeleton.Bridge, port]));
        AssertThere(driver, [NftSkeleton.Bridge, port]);
        NftText.Apply(byHand);
        var changed = driver.Read(ReadScope.All).OfType<NftTableResource>().Single();
        Assert.NotEqual(NftSkeleton.Bridge, changed);
        driver.Apply([new Step(changed, NftSkeleton.Bridge, "")]);
        AssertThere(driver, [NftSkeleton.Bridge, port]);
        driver.Apply([new Step(NftSkeleton.Bridge, changed, "undo")]);
        Assert.NotEqual(NftSkeleton.Bridge, driver.Read(ReadScope.All).OfType<NftTableResource>().Single());
        driver.Apply([new Step(driver.Read(ReadScope.All).OfType<NftTableResource>().Single(), NftSkeleton.Bridge, "")]);
        AssertThere(driver, [NftSkeleton.Bridge, port]);
    });

    [Fact]
    public void A_table_of_that_name_that_weft_did_not_make_stays() => Run(driver =>
    {
        NftText.Apply("table inet weft {\n chain c { }\n}\n");
        Assert.Empty(driver.Read(ReadScope.All));
        var e = Assert.Throws<IOException>(() => driver.Apply(Create(Tables)));
        Assert.Contains("inet weft", e.Message, StringComparison.Ordinal);
        driver.Apply([new Step(NftSkeleton.Inet, null, "")]);
        Assert.Contains("chain c", _host.Run(Listed), StringComparison.Ordinal);
    });

    [Fact]
    public void A_plan_made_on_other_rules_changes_nothing() => Run(driver =>
    {
        driver.Apply(Create(Tables));
        driver.ExpectedGeneration = driver.Generation();
        driver.Apply(Create([Forward("10.0.0.2", "dev")]));
        driver.Apply(Create([Range("80-90")])); // goes on to its own
        Assert.Equal(driver.Generation(), driver.ExpectedGeneration);
        NftText.Apply("table ip other { }");
        var e = Assert.Throws<RulesetChangedException>(() => driver.Apply(Create(Elements("lab"))));
        Assert.Contains("someone changed the nftables rules since the plan", e.Message, StringComparison.Ordinal);
        Assert.Throws<RulesetChangedException>(() => driver.Apply([new Step(NftSkeleton.Inet, Old(NftSkeleton.Inet), "")]));
        AssertThere(driver, [.. Tables, Forward("10.0.0.2", "dev"), Range("80-90")]);
        driver.ExpectedGeneration = null;
        driver.Apply(Create([Range("100-110")]));
    });

    [Fact]
    public void A_refusal_names_the_element_and_nothing_is_done() => Run(driver =>
    {
        driver.Apply(Create([NftSkeleton.Inet, Range("8000-8010")]));
        var e = Assert.Throws<NetlinkException>(() => driver.Apply(Create([Forward("10.0.0.2", "dev"), Range("8005-8020")])));
        Assert.Contains("add element inet weft fwd_range4 { 192.0.2.1 . tcp . 8005-8020", e.Message, StringComparison.Ordinal);
        AssertThere(driver, [NftSkeleton.Inet, Range("8000-8010")]);
    });

    [Fact]
    public void An_element_put_there_by_hand_is_not_read_and_gives_way() => Run(driver =>
    {
        driver.Apply(Create([NftSkeleton.Inet]));
        NftText.Apply("add element inet weft fwd4 { 192.0.2.1 . tcp . 80 : 10.0.0.9 . 9 }");
        AssertThere(driver, [NftSkeleton.Inet]);
        driver.Apply(Create([Forward("10.0.0.2", "dev")]));
        AssertThere(driver, [NftSkeleton.Inet, Forward("10.0.0.2", "dev")]);
    });

    private void Run(Action<NftDriver> test) => _host.Run(() =>
    {
        using var driver = new NftDriver();
        test(driver);
    });

    private static string Listed() => NftText.List("inet", "weft");

    private static Step[] Create(IEnumerable<Resource> resources) => [.. resources.Select(r => new Step(null, r, ""))];

    private static void AssertThere(NftDriver driver, IEnumerable<Resource> expected) => Assert.Equal(Sorted(expected), Sorted(driver.Read(ReadScope.All)));

    private static List<Resource> Sorted(IEnumerable<Resource> all) => [.. all.OrderBy(r => r.Key.Name, StringComparer.Ordinal)];

    private static List<string> Sorted(IEnumerable<string> all) => [.. all.Order(StringComparer.Ordinal)];

    private static NftElementResource Forward(string to, string network) => new("lab", network, InetSets.Table, "fwd4", ["192.0.2.1", "tcp", "80"], [to, "8080"]);

    private static NftElementResource Range(string ports) => new("lab", "dev", InetSets.Table, "fwd_range4", ["192.0.2.1", "tcp", ports], ["10.0.0.2"]);

    // A rule and a set that this version does not have.
    private static NftTableResource Old(NftTableResource t) => t with
    {
        Text = t.Text.TrimEnd()[..^1] + "\tset old { type ifname; }\n\tchain old { iifname @old drop; }\n}\n",
        Hash = "0123456789abcdef",
    };

    private static NftElementResource[] Elements(string owner, int of = 1) =>
        [.. NftSchema.All.SelectMany(s => Enumerable.Range(of * 3, 3).Select(n => Sample(owner, s, n)))];

    // Elements of different n share no key, and no part of a range.
    private static NftElementResource Sample(string owner, NftSetSchema s, int n) => new(owner, "dev", s.Table, s.Set,
        [.. s.KeyTypes.Select(t => Field(t, n, s.Interval))], s.DataTypes is ["verdict"] ? [Verdict(s.Table)] : [.. s.DataTypes.Select((t, i) => Field(t, n + i, false))]);

    private static string Verdict(string table) => table == BridgeSets.Table ? "goto guard" : "jump rate_50";

    private static string Field(string type, int n, bool range) => type switch
    {
        "ifname" => $"wb-{n}",
        "ether_addr" => $"52:54:00:00:00:{n:x2}",
        "ipv4_addr" => range ? $"10.1.{n}.0/24" : $"10.1.2.{n}",
        "ipv6_addr" or NftSetSchema.NdTarget => range ? $"fd00:{n}::/64" : $"fd00:1::{n}",
        "inet_proto" => "tcp",
        _ => range ? $"{n}00-{n}90" : $"80{n}",
    };
}
