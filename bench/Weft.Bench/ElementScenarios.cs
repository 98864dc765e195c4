using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Engine.Drivers.Nft;
using Weft.Linux.NetNs;

namespace Weft.Bench;

/// <summary>One element of a set that has thousands, without the start of a process: Weft's driver against libnftables.</summary>
internal static partial class ElementScenarios
{
    private const int Taps = 1000, Changes = 2000;

    // libnftables takes 0.13 ms for it, and 0.1 ms is wanted.
    private const double Most = 0.1 / 0.13;

    internal static IReadOnlyList<Scenario> All { get; } =
        [new("element", "change one element of a live set, in process", "libnftables in process", Most, Ours, Theirs)];

    private static Cost Ours() => OnHost(driver =>
    {
        var one = Address(Taps);
        Step[] add = [new(null, one, "")], remove = [new(one, null, "")];
        return Measure(() => driver.Apply(add), () => driver.Apply(remove));
    });

    private static Cost Theirs() => OnHost(_ =>
    {
        var context = New(0);
        var element = $"element bridge weft {BridgeSets.Source4} {{ \"wt-{Taps}\" . 52:54:00:00:{Taps / 256:x2}:{Taps % 256:x2} . 10.1.{Taps / 256}.{Taps % 256} }}";
        var cost = Measure(() => Carry(context, $"add {element}"), () => Carry(context, $"delete {element}"));
        Free(context);
        return cost;
    });

    private static Cost OnHost(Func<NftDriver, Cost> measure)
    {
        using var host = new BenchHost();
        return NetNamespace.Run(host.Name, () =>
        {
            using var driver = new NftDriver();
            driver.Apply([new(null, NftSkeleton.Bridge, ""), .. Enumerable.Range(0, Taps).Select(n => new Step(null, Address(n), ""))]);
            return measure(driver);
        });
    }

    // Half of the changes first, so that what is measured is compiled.
    private static Cost Measure(Action add, Action remove)
    {
        Repeat(Changes / 4, add, remove);
        var (cpu, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        Repeat(Changes / 2, add, remove);
        return new(Stopwatch.GetElapsedTime(start).TotalMilliseconds / Changes, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Changes);
    }

    private static void Repeat(int times, Action add, Action remove)
    {
        for (var i = 0; i < times; i++)
        {
            add();
            remove();
        }
    }

    private static NftElementResource Address(int n) => new("lab", "dev", BridgeSets.Table, BridgeSets.Source4,
        [$"wt-{n}", $"52:54:00:00:{n / 256:x2}:{n % 256:x2}", $"10.1.{n / 256}.{n % 256}"], []);

    private static void Carry(nint context, string command)
    {
        if (Run(context, command) != 0) throw new InvalidOperationException($"libnftables refused: {command}");
    }

    [LibraryImport("libnftables.so.1", EntryPoint = "nft_ctx_new")]
    private static partial nint New(uint flags);

    [LibraryImport("libnftables.so.1", EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Run(nint context, string command);

    [LibraryImport("libnftables.so.1", EntryPoint = "nft_ctx_free")]
    private static partial void Free(nint context);
}
