using System.Collections.Immutable;
using System.Text.Json;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Planning;

/// <summary>
/// Cases/NAME: spec.yaml is planned on a host whose observed.json says what Weft has on it and, where it matters, what the host is like;
/// plan.txt is the plan. Where there is a before.yaml, it was applied first, and what it made is on the host.
/// </summary>
public sealed class GoldenPlanTests
{
    private const string Folder = "tests/Weft.Core.Tests/Planning/Cases";

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(RepoFiles.Path(Folder)).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Cases))]
    public void The_plan_is_as_kept(string name)
    {
        var observed = Observed(name);
        var host = observed?.Host ?? Lab.Host;
        var lab = new Lab();
        var there = (observed?.Resources ?? []).ToDictionary(r => r.Key);
        if (Text(name, "before.yaml") is { } before)
            foreach (var r in lab.Resources(Lab.Read("before.yaml", before), host)) there[r.Key] = r;

        var spec = Lab.Read("spec.yaml", Text(name, "spec.yaml")!);
        var built = lab.Build(spec, host);
        var plan = Planner.Plan(spec.Name, built.Resources, built.Succeeded ? there.Values : [], built.Notes);
        Golden.Matches($"{Folder}/{name}/plan.txt", PlanText.Render(plan, elements: name.EndsWith("-elements", StringComparison.Ordinal)));
    }

    private static string? Text(string name, string file) =>
        RepoFiles.Path(Folder, name, file) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    private static CaseHost? Observed(string name) => Text(name, "observed.json") is not { } json ? null
        : new CaseHost(Part<HostModel>(json, "host"), Part<ImmutableArray<Resource>?>(json, "resources"));

    private static T? Part<T>(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty(name, out var part)) return default;
        if (typeof(T) == typeof(HostModel)) return (T?)(object?)part.Deserialize(ResourceJson.Default.HostModel);
        return (T?)(object?)part.Deserialize(ResourceJson.Default.ImmutableArrayResource);
    }

    private sealed record CaseHost(HostModel? Host, ImmutableArray<Resource>? Resources);
}
