using Weft.Engine.Dhcp;
using Weft.Engine.Events;
using Weft.Engine.Reconcile;

namespace Weft.Daemon.Services;

/// <summary>Puts back, or reports, what others change of Weft's, and tells when dnsmasq was put back.</summary>
internal static class DriftService
{
    internal static void Start(DaemonOptions options, ServiceThreads threads, EventLog log)
    {
        threads.Start("drift", stop => new Reconciler(options.Engine(DaemonOptions.Itself), new ReconcileOptions(), e => Tell(e, log)).Run(stop));
        threads.Start("dhcp", stop => DhcpRestarts.Run(DhcpPaths.Of(options.Engine(DaemonOptions.Itself)), () => log.Add(Restarted), stop));
    }

    // Its guard does it.
    private static Happening Restarted => new(EventKind.Repaired, "dnsmasq had ended and was started again") { Object = "dnsmasq" };

    // That something was taken back is in the history, which tells of it; what could not be is not.
    private static void Tell(DriftEvent e, EventLog log)
    {
        if (e is not { Kind: DriftEventKind.Recovered, Objects.IsEmpty: true }) log.Add(e.ToHappening());
    }
}
