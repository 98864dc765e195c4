using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Weft.Core.Resources;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Linux.NetNs;

// Applies a file, or destroys a project, and is killed as by kill -9 before its k-th step:
// weft-fault NETNS STATE ROOT K apply FILE | destroy PROJECT [WEFT, the program that guards]
var (netns, state, root, k, verb, subject) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture), args[4], args[5]);
return NetNamespace.Run(netns, () =>
{
    var options = new EngineOptions(EnginePaths.Of(netns, state)) { NetNs = netns, Root = root, Observer = new KilledAt(k), Guard = Guard(args) };
    using var engine = WeftEngine.ToAct(options, verb);
    var proposal = verb == "apply" ? engine.Propose(new SpecSource(subject, File.ReadAllText(subject))) : engine.ProposeDestroy(subject);
    return engine.Apply(proposal, args.Length > 6 ? new ConfirmOptions(TimeSpan.FromMinutes(10)) : null).Kind is OutcomeKind.Committed ? 0 : 1;
});

static ImmutableArray<string> Guard(string[] args) => args.Length > 6 ? [args[6], "guard", "--netns", args[0], "--state", args[1]] : [];

/// <summary>Ends the process before a step; step n is after the last, before the commit.</summary>
internal sealed class KilledAt(int k) : IApplyObserver
{
    public bool StepByStep => true;

    public void Before(int first, int total, Step step) => KillWhen(first == k);

    public void After(int done, int total) => KillWhen(done == total && k == total);

    private static void KillWhen(bool now)
    {
        if (!now) return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite); // the signal is on its way
    }
}
