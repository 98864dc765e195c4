using Weft.Engine.Machines;
using Weft.Linux.NetNs;

namespace Weft.Daemon;

/// <summary>
/// Gives the links of hypervisors their ports as they come and go, and keeps libvirt's list of networks in step. libvirt acts in the host's own namespace, so only the host's own
/// daemon speaks to it.
/// </summary>
internal sealed class MachineService : IDisposable
{
    private const string Libvirt = "qemu:///system", User = "weftd";

    private readonly CancellationTokenSource _stop = new();
    private readonly MachineWatch _machines;
    private readonly List<Thread> _threads = [];

    internal MachineService(DaemonOptions options)
    {
        _machines = new MachineWatch(options.Engine(User), Tell);
        Start("machines", () => NetNamespace.Run(options.NetNs, () => _machines.Run(() => { }, _stop.Token)));
        if (!options.IsHosts) return;
        var libvirt = new LibvirtWatch(options.Engine(User), Libvirt, _machines.Hint, Tell);
        Start("libvirt", () => libvirt.Run(_stop.Token));
    }

    /// <summary>Ends it; ports stay as they are.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        foreach (var t in _threads) t.Join();
        _machines.Dispose();
        _stop.Dispose();
    }

    private void Start(string name, Action run)
    {
        var thread = new Thread(() =>
        {
            try
            {
                run();
            }
            catch (IOException e)
            {
                Console.Error.WriteLine($"weftd: {name}: {e.Message}; what is there goes on, new machines wait until weftd is started again");
            }
        }) { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private static void Tell(MachineEvent e)
    {
        if (e.Kind is MachineEventKind.Blocked or MachineEventKind.Failed) Console.Error.WriteLine($"weftd: {e.Link} on {e.Project}/{e.Network} carries nothing: {e.Why}");
        else Console.Error.WriteLine($"weftd: {e.Link} on {e.Project}/{e.Network}: {(e.Port is { } p ? $"{p.Machine}, " : "")}{e.Kind.ToString().ToLowerInvariant()}");
    }

    private static void Tell(LibvirtState state, string words) => Console.Error.WriteLine($"weftd: libvirt: {state.ToString().ToLowerInvariant()}{(words.Length > 0 ? $": {words}" : "")}");
}
