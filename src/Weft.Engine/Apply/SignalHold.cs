using System.Runtime.InteropServices;
using Weft.Engine.Dhcp;

namespace Weft.Engine.Apply;

/// <summary>While it is held, the signals that end a program ask it to stop instead: the terminal's hang-up, Ctrl-C, and a polite kill.</summary>
internal sealed class SignalHold : IDisposable
{
    // A signal to a process group is with all its members when the call returns that sent it; what it takes until a thread of this process runs the handler is well below this.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to hold them.</summary>
    /// <param name="listen">False leaves the signals to the program.</param>
    public SignalHold(bool listen) => _registrations = listen ? [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(s => PosixSignalRegistration.Create(s, Ask))] : [];

    /// <summary>Cancelled by the first signal; those after it change nothing.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>The signal that came.</summary>
    public PosixSignal? Asked { get; private set; }

    /// <summary>Whether a fault comes of a signal: what was started by this command got it too, and may have ended before this command was told.</summary>
    public bool Explains(Exception fault) => Token.IsCancellationRequested || (fault is DhcpException { BySignal: true } && Token.WaitHandle.WaitOne(s_patience));

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
