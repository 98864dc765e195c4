using System.Collections.Immutable;
using System.Globalization;
using Weft.Engine;
using Weft.Engine.Adopt;
using Weft.Engine.Apply;
using Weft.Engine.Service;
using Weft.FaultRunner;
using Weft.Linux.NetNs;

// Applies a file, or destroys a project, and something goes wrong before its k-th step; says how it ended:
// weft-fault NETNS STATE ROOT [FAULT:]K apply FILE | destroy PROJECT | adopt bridge:NAME:UPLINK | adopt libvirt:NAME | ports NETWORK:+MACHINE,-MACHINE [WEFT, the program that guards]
// NETNS is - for that of the caller.
// FAULT is kill, as by kill -9; interrupt, twice; or full: the disk of the state directory has no room left.
var (netns, state, root, verb, subject) = (args[0] == "-" ? null : args[0], args[1], args[2], args[4], args[5]);
var words = args[3].Split(':');
var fault = Fault.Of(words.Length > 1 ? words[0] : "kill", state);
return NetNamespace.Run(netns, () =>
{
    var options = new EngineOptions(EnginePaths.Of(netns, state)) { NetNs = netns, Root = root, Observer = new FaultAt(int.Parse(words[^1], CultureInfo.InvariantCulture), fault), Guard = Guard(args) };
    if (verb == "ports") return Ports(options, subject.Split(':'));
    using var engine = WeftEngine.ToAct(options, verb);
    var proposal = verb switch
    {
        "apply" => engine.Propose(new SpecSource(subject, File.ReadAllText(subject))),
        "adopt" => Adopt(engine, subject.Split(':'), root),
        _ => engine.ProposeDestroy(subject),
    };
    var outcome = engine.Apply(proposal, args.Length > 6 ? new ConfirmOptions(TimeSpan.FromMinutes(10)) : null);
    Console.WriteLine($"{outcome.Kind}: {outcome.Why}\n{string.Join('\n', outcome.Left)}");
    return outcome.Kind is OutcomeKind.Committed ? 0 : 1;
});

static Proposal Adopt(WeftEngine engine, string[] what, string root)
{
    var source = what[0] == "libvirt" ? AdoptionSource.OfLibvirt("taken", [what[1]], root, TimeProvider.System) : AdoptionSource.OfBridge("taken", what[1], what[2].Length > 0 ? what[2] : null);
    return engine.ProposeAdoption(new SpecSource("taken.yaml", source.Imported.Yaml()), source.Libvirt, []);
}

// All at once, as they come to a daemon.
static int Ports(EngineOptions options, string[] what)
{
    PortChange[] changes = [.. what[1].Split(',').Select(m => new PortChange(
        m[0] == '+' ? new AddPortRequest(m[1..], what[0], null, null, []) : new RemovePortRequest(m[1..], what[0], null), "root", new Willing()))];
    new EngineHost(options).Change(changes);
    return changes.All(c => c.Done.Result.Outcome == "committed") ? 0 : 1;
}

static ImmutableArray<string> Guard(string[] args) => args.Length > 6 ? [args[6], "guard", "--netns", args[0], "--state", args[1]] : [];
