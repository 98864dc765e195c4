using System.Text.Json.Serialization;

namespace Weft.Bench;

/// <summary>One row: our work against a peer's, measured alternating.</summary>
/// <param name="Name">Short name for the command line.</param>
/// <param name="Work">What is done.</param>
/// <param name="Against">The peer.</param>
/// <param name="Most">The ratio of medians that must not be passed.</param>
/// <param name="Ours">One measurement of ours.</param>
/// <param name="Theirs">One measurement of the peer's.</param>
internal sealed record Scenario(string Name, string Work, string Against, double Most, Func<Cost> Ours, Func<Cost> Theirs)
{
    /// <summary>What the first figure counts; where it is not wall clock against wall clock, it alone has to reach the ratio.</summary>
    internal string? Unit { get; init; }
}

/// <summary>What came out of one scenario.</summary>
internal sealed record Outcome(string Name, string Work, string Against, double Most, Side Ours, Side Theirs)
{
    public string? Unit { get; init; }
    public double WallRatio => Ours.WallMs / Theirs.WallMs;
    public double CpuRatio => Ours.CpuMs / Theirs.CpuMs;
    public bool Reached => WallRatio <= Most && (Unit is not null || CpuRatio <= Most);
}

/// <summary>Medians of one side, with the spread of its wall clock.</summary>
internal sealed record Side(double WallMs, double CpuMs, double WallMin, double WallMax, int Rounds)
{
    internal static Side Of(IReadOnlyCollection<Cost> costs) => new(Median(costs.Select(c => c.WallMs)), Median(costs.Select(c => c.CpuMs)),
        costs.Min(c => c.WallMs), costs.Max(c => c.WallMs), costs.Count);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Outcome>))]
internal sealed partial class BenchJson : JsonSerializerContext;
