using System.Collections.Concurrent;
using Weft.Engine.Machines;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>A watch over the machines of a lab's host, on a thread of its own; ended with the test.</summary>
internal sealed class WatchRun : IDisposable
{
    private const int PatienceMs = 60_000; // of a busy machine
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly BlockingCollection<MachineEvent> _events = [];
    private Exception? _failure;

    internal WatchRun(EngineLab lab)
    {
        Watch = new MachineWatch(lab.Options(), _events.Add);
        using var ready = new ManualResetEventSlim();
        _thread = new Thread(() =>
        {
            try
            {
                NetNamespace.Run(lab.Host, () => Watch.Run(ready.Set, _stop.Token));
            }
            catch (Exception e) // for the test's own thread
            {
                _failure = e;
                ready.Set();
            }
        });
        _thread.Start();
        Assert.True(ready.Wait(PatienceMs), "the watch did not begin");
    }

    internal MachineWatch Watch { get; }

    /// <summary>The next event of a link that is of that kind.</summary>
    internal MachineEvent Next(MachineEventKind kind, string link)
    {
        var others = new List<MachineEvent>();
        while (_events.TryTake(out var e, PatienceMs))
        {
            if (e.Kind == kind && e.Link == link) return e;
            others.Add(e);
        }
        Assert.Fail($"{link} was not {kind}: {string.Join("; ", others)} {_failure}");
        return null!;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        Watch.Dispose();
        _stop.Dispose();
        _events.Dispose();
    }
}
