using Weft.Core.Diagnostics;
using Weft.Engine.Events;
using Weft.Engine.Machines;

namespace Weft.Daemon.Services;

/// <summary>
/// Gives the links of hypervisors their ports as they come and go, hears what their machines are given by the LAN, and keeps libvirt's list of networks in step. libvirt acts in the host's own namespace, so only the host's own
/// daemon speaks to it, unless another is named.
/// </summary>
internal sealed class MachineService : IDisposable
{
    private readonly EventLog _log;
    private readonly MachineWatch _machines;
    private readonly LeaseWatch _leases;

    internal MachineService(DaemonOptions options, ServiceThreads threads, EventLog log)
    {
        _log = log;
        _machines = new MachineWatch(options.Engine(DaemonOptions.Itself), Tell);
        threads.Start("machines", stop => _machines.Run(() => { }, stop));
        _leases = new LeaseWatch(options.Engine(DaemonOptions.Itself));
        threads.Start("leases of the LAN", stop => _leases.Run(() => { }, stop));
        if (options.Libvirt is null && !options.IsHosts) return;
        var libvirt = new LibvirtWatch(options.Engine(DaemonOptions.Itself), options.Libvirt, _machines.Hint, Tell);
        threads.Start("libvirt", libvirt.Run);
    }

    /// <summary>Frees what it held; its loops have ended before.</summary>
    public void Dispose()
    {
        _machines.Dispose();
        _leases.Dispose();
    }

    private void Tell(MachineEvent e) => _log.Add(new Happening(e.Kind == MachineEventKind.Failed ? EventKind.Error : EventKind.PortState, Words(e))
    {
        Severity = e.Kind switch { MachineEventKind.Failed => Severity.Error, MachineEventKind.Blocked or MachineEventKind.Allowed => Severity.Warning, _ => Severity.Info },
        Project = e.Project,
        Network = e.Network,
        Object = e.Port?.Machine ?? e.Link,
    });

    private static string Words(MachineEvent e) => e.Kind switch
    {
        MachineEventKind.Attached => $"{e.Link} is the port of {e.Port!.Machine}",
        MachineEventKind.Detached => $"{e.Link} left the port of {e.Port!.Machine}",
        MachineEventKind.Allowed => $"{e.Link} is nobody's port and let through: {e.Why}",
        MachineEventKind.Blocked => $"{e.Link} carries nothing: {e.Why}",
        _ => $"{e.Link} carries nothing, and it is tried again: {e.Why}",
    };

    private void Tell(LibvirtState state, string words) => _log.Add(new Happening(EventKind.Daemon, $"libvirt is {state.ToString().ToLowerInvariant()}{(words.Length > 0 ? $": {words}" : "")}")
    {
        Severity = state == LibvirtState.Connected ? Severity.Info : Severity.Warning,
        Object = "libvirt",
    });
}
