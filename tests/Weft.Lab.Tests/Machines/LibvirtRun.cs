using System.Collections.Concurrent;
using Weft.Engine.Machines;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>A watch over a libvirtd, beside one over machines when there is one; ended with the test.</summary>
internal sealed class LibvirtRun : IDisposable
{
    private const int PatienceMs = 60_000;
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<(LibvirtState State, string Words)> _states = [];
    private readonly Thread _thread;

    internal LibvirtRun(EngineLab lab, string uri, Action<string, GuestIdentity>? hint = null)
    {
        Watch = new LibvirtWatch(lab.Options(), uri, hint ?? ((_, _) => { }), (s, w) => _states.Add((s, w)));
        _thread = new Thread(() => Watch.Run(_stop.Token));
        _thread.Start();
    }

    internal LibvirtWatch Watch { get; }

    /// <summary>Waits until it is told so; returns the words.</summary>
    internal string Next(LibvirtState state)
    {
        var others = new List<string>();
        while (_states.TryTake(out var s, PatienceMs))
        {
            if (s.State == state) return s.Words;
            others.Add(s.ToString());
        }
        Assert.Fail($"it was not {state}: {string.Join("; ", others)}");
        return "";
    }

    /// <summary>Ends it; false when it does not end although it is asked to.</summary>
    internal bool Stop()
    {
        _stop.Cancel();
        return _thread.Join(PatienceMs);
    }

    public void Dispose() => Stop(); // what it still waits for may tell the collection later: both are left to the collector
}
