using System.Text.Json;
using Weft.Bench;

if (args is ["send", var address, var count])
{
    PacketScenarios.SendPackets(address, int.Parse(count));
    return 0;
}
if (args is ["links", var ports, var links])
{
    LinkLatency.Run(int.Parse(ports), int.Parse(links));
    return 0;
}
var rounds = 5;
string? json = null;
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--rounds") rounds = int.Parse(args[++i]);
    else if (args[i] == "--json") json = args[++i];
    else names.Add(args[i]);
}
var chosen = Scenarios.All.Where(s => names.Count == 0 || names.Any(n => s.Name.StartsWith(n, StringComparison.Ordinal))).ToList();
if (chosen.Count == 0)
{
    Console.Error.WriteLine($"no such scenario; there are: {string.Join(' ', Scenarios.All.Select(s => s.Name))}");
    return 1;
}
var outcomes = new List<Outcome>();
foreach (var s in chosen)
{
    var (ours, theirs) = (new List<Cost>(), new List<Cost>());
    for (var r = 0; r < rounds; r++)
    {
        Console.Error.Write($"\r{s.Name}: round {r + 1} of {rounds} ");
        ours.Add(s.Ours());
        theirs.Add(s.Theirs());
    }
    var o = new Outcome(s.Name, s.Work, s.Against, s.Most, Side.Of(ours), Side.Of(theirs)) { Unit = s.Unit };
    outcomes.Add(o);
    Console.Error.Write("\r");
    var verdict = $"must <= {o.Most:F3}  {(o.Reached ? "reached" : "NOT reached")}";
    if (o.Unit is { } unit) Console.WriteLine($"{o.Name,-16} {o.Ours.WallMs,9:F3} / {o.Theirs.WallMs,9:F3} {unit} = {o.WallRatio,7:F3}   cpu {o.Ours.CpuMs,9:F3}   {verdict}");
    else Console.WriteLine($"{o.Name,-16} wall {o.Ours.WallMs,9:F3} / {o.Theirs.WallMs,9:F3} ms = {o.WallRatio,7:F3}   cpu {o.Ours.CpuMs,9:F3} / {o.Theirs.CpuMs,9:F3} ms = {o.CpuRatio,7:F3}   {verdict}");
}
if (json is not null) File.WriteAllText(json, JsonSerializer.Serialize(outcomes, BenchJson.Default.ListOutcome));
return 0;
