using System.CommandLine;
using System.Runtime.InteropServices;
using Weft.Engine;
using Weft.Linux.Processes;

namespace Weft.Cli.Commands;

/// <summary>weft guard: the process behind apply --confirm. Not for people.</summary>
internal static class GuardCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var change = new Option<long>("--change") { Required = true };
        var wait = new Option<long>("--wait") { Required = true };
        return new Command("guard", "Take an unconfirmed change back (started by weft itself)") { change, wait }
            .Hide().Does(global, c => Run(c, c.Get(change), TimeSpan.FromSeconds(c.Get(wait))));
    }

    private static int Run(VerbContext context, long change, TimeSpan wait)
    {
        ProcessImage.NewSession();
        SessionScope.Leave();
        using var dismissed = new ManualResetEventSlim();
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => s.Cancel = true);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => s.Cancel = true);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s =>
        {
            s.Cancel = true; // asked to end: look whether there is still something to guard
            dismissed.Set();
        });
        Console.Out.WriteLine(WeftEngine.GuardReady);
        Console.Out.Flush();
        while (Console.In.ReadLine() is not null) { } // ends with the command that acts, however it ends
        if (WeftEngine.Guard(context.Engine, change, "the command was killed in the middle", pending: false) is null) return ExitCode.Ok;
        // The monotonic clock: setting the time of day neither shortens nor prolongs the wait.
        if (dismissed.Wait(wait) && WeftEngine.Guard(context.Engine, change, "", pending: false) is null) return ExitCode.Ok;
        WeftEngine.Guard(context.Engine, change, "it was not confirmed in time", pending: true);
        return ExitCode.Ok;
    }
}
