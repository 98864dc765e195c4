using System.Collections.Concurrent;
using Weft.Engine;
using Weft.Engine.Reconcile;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Reconcile;

/// <summary>A host on which a project was applied, and over which a reconciler watches.</summary>
internal sealed class DriftLab : IDisposable
{
    // As long as a loaded machine may need; nothing waits that long when it works.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<DriftEvent> _events = [];
    private readonly ManualResetEventSlim _ready = new();
    private readonly Task _running;

    /// <summary>Applies the files and watches.</summary>
    /// <param name="files">Projects.</param>
    /// <param name="how">How.</param>
    /// <param name="before">What happens between applying and watching.</param>
    /// <param name="told">Done on the reconciler's own thread, before an event is handed on.</param>
    internal DriftLab(IEnumerable<string> files, ReconcileOptions? how = null, Action<EngineLab>? before = null, Action<EngineLab, DriftEvent>? told = null)
    {
        foreach (var file in files) Assert.Equal(OutcomeKind.Committed, Host.Apply(file).Kind);
        before?.Invoke(Host);
        Declared = Host.Picture();
        var reconciler = new Reconciler(Host.Options(), (how ?? new()) with { Ready = _ready.Set }, e =>
        {
            told?.Invoke(Host, e);
            _events.Add(e);
        });
        _running = Task.Factory.StartNew(() => NetNamespace.Run(Host.Host, () => reconciler.Run(_stop.Token)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (WaitHandle.WaitAny([_ready.WaitHandle, ((IAsyncResult)_running).AsyncWaitHandle], Patience) != 0) _running.GetAwaiter().GetResult();
        Assert.True(_ready.IsSet);
    }

    internal EngineLab Host { get; } = new();

    /// <summary>The host as it was when the watching began.</summary>
    internal string Declared { get; }

    /// <summary>The next event.</summary>
    internal DriftEvent Next()
    {
        if (_events.TryTake(out var e, Patience)) return e;
        if (_running.IsFaulted) _running.GetAwaiter().GetResult();
        throw new TimeoutException($"nothing was told in {Patience}:\n{Host.OnHost("ip -br link")}");
    }

    /// <summary>The next event of a kind; none before it may be a failure.</summary>
    internal DriftEvent Next(DriftEventKind kind)
    {
        while (true)
        {
            var e = Next();
            if (e.Kind == kind) return e;
            Assert.True(e.Kind != DriftEventKind.Failed, e.ToString());
        }
    }

    /// <summary>Waits, repair by repair, until the host is as it was.</summary>
    /// <returns>All repairs.</returns>
    internal List<DriftEvent> AwaitDeclared()
    {
        var repairs = new List<DriftEvent>();
        do repairs.Add(Next(DriftEventKind.Repaired));
        while (Host.Picture() != Declared);
        return repairs;
    }

    /// <summary>Ends the watching; then nothing more is told.</summary>
    /// <returns>What had been told and not taken.</returns>
    internal IReadOnlyList<DriftEvent> Stop()
    {
        _stop.Cancel();
        if (!_running.Wait(Patience)) throw new TimeoutException("the reconciler did not stop");
        return [.. _events];
    }

    public void Dispose()
    {
        Stop();
        Host.Dispose();
        _events.Dispose();
        _ready.Dispose();
        _stop.Dispose();
    }
}
