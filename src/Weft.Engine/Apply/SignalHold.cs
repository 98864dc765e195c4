using System.Runtime.InteropServices;

namespace Weft.Engine.Apply;

/// <summary>While it is held, the signals that end a program ask it to stop instead: the terminal's hang-up, Ctrl-C, and a polite kill.</summary>
internal sealed class SignalHold : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to hold them.</summary>
    /// <param name="listen">False leaves the signals to the program.</param>
    public SignalHold(bool listen) => _registrations = listen ? [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(s => PosixSignalRegistration.Create(s, Ask))] : [];

    /// <summary>Cancelled by the first signal; those after it change nothing.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The signal that came.</summary>
    public PosixSignal? Asked { get; private set; }

    public void Dispose()
    {
        foreach (var r in _registrations) r.Dispose();
        _stop.Dispose();
    }

    private void Ask(PosixSignalContext context)
    {
        context.Cancel = true;
        Asked ??= context.Signal;
        _stop.Cancel();
    }
}
