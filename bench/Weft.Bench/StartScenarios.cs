namespace Weft.Bench;

/// <summary>What a process costs before it does anything.</summary>
internal static class StartScenarios
{
    internal static IReadOnlyList<Scenario> All { get; } =
        [new("start", "weft --version", "ip -V", 6, () => Times(BenchHost.Weft, "--version"), () => Times("ip", "-V"))];

    private static Cost Times(string program, string argument)
    {
        const int runs = 20; // one run is below the clock's grain
        var c = BenchHost.Measure([.. Enumerable.Repeat(new[] { program, argument }, runs)]);
        return new(c.WallMs / runs, c.CpuMs / runs);
    }
}
