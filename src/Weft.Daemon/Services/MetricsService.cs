using Weft.Engine.Events;
using Weft.Engine.Metrics.Otlp;

namespace Weft.Daemon.Services;

/// <summary>Exports the host's figures by OTLP, where the daemon's file or its environment names a collector.</summary>
internal sealed class MetricsService : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly OtlpExporter _exporter;
    private readonly Task _running;

    private MetricsService(OtlpOptions options, Hosts hosts, EventLog log)
    {
        var told = "";
        _exporter = new OtlpExporter(options, TimeProvider.System);
        _running = _exporter.RunAsync(_ => hosts.Figures(), why =>
        {
            if (why != told) log.Add(new Happening(EventKind.Error, told = why)); // the same fault at every interval is told once
        }, _stop.Token);
    }

    /// <summary>Starts it; null where no collector is named.</summary>
    /// <exception cref="IOException">What names the collector is not right.</exception>
    internal static MetricsService? Start(DaemonOptions options, Hosts hosts, EventLog log)
    {
        var collector = OtlpOptions.Read(options.Variable, out var faults);
        if (!faults.IsEmpty) throw new IOException(string.Join("; ", faults));
        return collector is null ? null : new MetricsService(collector, hosts, log);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _exporter.Dispose();
        _stop.Dispose();
    }
}
