using System.Diagnostics;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Engine.Drivers.Nft;
using Weft.Linux.Nft;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>What the driver costs beside nft itself. Bounds are wide: the machine is shared.</summary>
public sealed class NftDriverCostTests(ITestOutputHelper output) : IDisposable
{
    private const int Taps = 1000;
    private readonly TestNamespace _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void The_policy_of_a_thousand_taps_costs_no_more_than_nft_itself() => _host.Run(() =>
    {
        using var driver = new NftDriver();
        var steps = Enumerable.Range(0, Taps).SelectMany(Policy).Select(e => new Step(null, e, "")).ToArray();
        Step[] tables = [new(null, NftSkeleton.Bridge, "")], gone = [new(NftSkeleton.Bridge, null, "")];
        var text = NftSkeleton.Bridge.Text + NftElementText.AddVersion(NftSkeleton.Bridge) + NftElementText.AddAll(steps.Select(s => ((NftElementResource)s.After!, 0UL, 0UL)));
        var (netlink, whole, nft) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < 7; i++)
        {
            nft.Add(Milliseconds(() => NftText.Apply(text)));
            driver.Apply(gone);
            whole.Add(Milliseconds(() => driver.Apply([.. tables, .. steps])));
            driver.Apply(gone);
            driver.Apply(tables);
            netlink.Add(Milliseconds(() => driver.Apply(steps)));
            driver.Apply(gone);
        }
        output.WriteLine($"{steps.Length} elements: nft -f {Median(nft):f1} ms, driver with the table {Median(whole):f1} ms, elements alone {Median(netlink):f1} ms");
        Assert.True(Median(whole) <= 1.5 * Median(nft));
        Assert.True(Median(netlink) <= Median(nft));
    });

    [Fact]
    public void One_element_costs_a_tenth_of_a_millisecond() => _host.Run(() =>
    {
        using var driver = new NftDriver();
        driver.Apply([new(null, NftSkeleton.Bridge, ""), .. Enumerable.Range(0, Taps).SelectMany(Policy).Select(e => new Step(null, e, ""))]);
        var one = Policy(Taps)[1];
        Step[] add = [new(null, one, "")], delete = [new(one, null, "")];
        var (change, read) = (new List<double>(), new List<double>());
        for (var i = 0; i < 300; i++)
        {
            change.Add(Milliseconds(() => driver.Apply(add)));
            read.Add(Milliseconds(() => Assert.Single(driver.Read(new ReadScope([one.Key])))));
            driver.Apply(delete);
        }
        output.WriteLine($"one element of {Taps * 6}: written in {Median(change):f3} ms, read in {Median(read):f3} ms");
        Assert.True(Median(change) < 0.5, $"{Median(change)} ms"); // 0.03 ms on a quiet machine
        Assert.True(Median(read) < 0.5, $"{Median(read)} ms");
    });

    private static NftElementResource[] Policy(int n)
    {
        var (tap, mac) = ($"wt-{n}", $"52:54:00:00:{n / 256:x2}:{n % 256:x2}");
        return
        [
            Element(BridgeSets.Ports, [tap], "goto guard"), Element(BridgeSets.Macs, [tap, mac]), Element(BridgeSets.Source4, [tap, mac, $"10.1.{n / 256}.{n % 256}"]),
            Element(BridgeSets.Source6, [tap, mac, $"fd00::{n:x}"]), Element(BridgeSets.Targets, [tap, mac, $"fd00::{n:x}"]), Element(BridgeSets.Routers, [tap, "fe80::1"]),
        ];
    }

    private static NftElementResource Element(string set, string[] fields, params string[] data) => new("lab", "dev", BridgeSets.Table, set, [.. fields], [.. data]);

    private static double Milliseconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);
}
