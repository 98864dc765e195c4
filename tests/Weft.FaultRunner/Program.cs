using System.Collections.Immutable;
using System.Globalization;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.FaultRunner;
using Weft.Linux.NetNs;

// Applies a file, or destroys a project, and something goes wrong before its k-th step; says how it ended:
// weft-fault NETNS STATE ROOT [FAULT:]K apply FILE | destroy PROJECT [WEFT, the program that guards]
// FAULT is kill, as by kill -9; interrupt, twice; or full: the disk of the state directory has no room left.
var (netns, state, root, verb, subject) = (args[0], args[1], args[2], args[4], args[5]);
var words = args[3].Split(':');
var fault = Fault.Of(words.Length > 1 ? words[0] : "kill", state);
return NetNamespace.Run(netns, () =>
{
    var options = new EngineOptions(EnginePaths.Of(netns, state)) { NetNs = netns, Root = root, Observer = new FaultAt(int.Parse(words[^1], CultureInfo.InvariantCulture), fault), Guard = Guard(args) };
    using var engine = WeftEngine.ToAct(options, verb);
    var proposal = verb == "apply" ? engine.Propose(new SpecSource(subject, File.ReadAllText(subject))) : engine.ProposeDestroy(subject);
    var outcome = engine.Apply(proposal, args.Length > 6 ? new ConfirmOptions(TimeSpan.FromMinutes(10)) : null);
    Console.WriteLine($"{outcome.Kind}: {outcome.Why}\n{string.Join('\n', outcome.Left)}");
    return outcome.Kind is OutcomeKind.Committed ? 0 : 1;
});

static ImmutableArray<string> Guard(string[] args) => args.Length > 6 ? [args[6], "guard", "--netns", args[0], "--state", args[1]] : [];
