using System.Runtime.InteropServices;

namespace Weft.Cli;

/// <summary>Ctrl-C, a hang-up or a request to end, as a token: whoever waits ends well and the terminal is as it was.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    internal Interruption() => _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, Stop))];

    internal CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var s in _signals) s.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
