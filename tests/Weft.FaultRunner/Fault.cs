using System.Diagnostics;
using System.Runtime.InteropServices;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine.Apply;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.FaultRunner;

/// <summary>What may go wrong outside of weft.</summary>
internal static class Fault
{
    internal static Action Of(string name, string state) => name switch
    {
        "kill" => Kill,
        "interrupt" => Interrupts(2),
        "full" => () => Fill(state),
        _ => throw new ArgumentException($"no fault {name}"),
    };

    private static void Kill()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite); // the signal is on its way
    }

    // Handlers are called the last one first: when this one is, that of weft has been.
    private static Action Interrupts(int times)
    {
        var arrived = new SemaphoreSlim(0);
        var handler = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => arrived.Release());
        return () =>
        {
            for (var i = 0; i < times; i++)
            {
                using var kill = Process.Start("kill", ["-INT", $"{Environment.ProcessId}"]);
                arrived.Wait();
            }
            GC.KeepAlive(handler);
        };
    }

    private static void Fill(string folder)
    {
        using var file = File.Create(Path.Combine(folder, "filling"), bufferSize: 1);
        try
        {
            while (true) file.WriteByte(0);
        }
        catch (IOException) // no room left
        {
            return;
        }
    }
}

/// <summary>Agrees to everything.</summary>
internal sealed class Willing : IChangeClient
{
    public bool AgreesBeforehand => true;

    public void Repaired(RepairDocument repair) { }

    public Consent Planned(Plan plan) => Consent.Yes;

    public bool Agrees() => true;
}

/// <summary>Does something before a step; step n is after the last, before the commit.</summary>
internal sealed class FaultAt(int k, Action fault) : IApplyObserver
{
    public bool StepByStep => true;

    public void Before(int first, int total, Step step) => When(first == k);

    public void After(int done, int total) => When(done == total && k == total);

    private void When(bool now)
    {
        if (now) fault();
    }
}
