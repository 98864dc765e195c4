using System.Collections.Immutable;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Engine.Apply;
using Weft.Engine.Drivers;
using Weft.Engine.Host;
using Weft.Engine.Store;
using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Engine;

/// <summary>
/// One command's hold on a host: its store, its drivers, and, for a command that acts, the lock. Belongs to the thread that made it, which is in the
/// target network namespace.
/// </summary>
public sealed partial class WeftEngine : IDisposable
{
    private readonly EngineOptions _options;
    private FileLock? _lock;
    private readonly EngineParts _parts;
    private readonly RouteSocket _socket;
    private readonly HostDrivers _drivers;
    private bool _endedWell;

    private WeftEngine(EngineOptions options, FileLock? held, WeftStore store) : this(options, held, new EngineParts(options, store)) { }

    private WeftEngine(EngineOptions options, FileLock? held, EngineParts parts) => (_options, _lock, _parts, _socket, _drivers) = (options, held, parts, parts.Socket, parts.Drivers);

    /// <summary>Projects, revisions, allocations, the journal.</summary>
    public WeftStore Store => _parts.Store;

    /// <summary>What an earlier command had left open and this one took back; null when there was nothing.</summary>
    public Repair? Repaired { get; private set; }

    private DateTimeOffset Now => _options.Clock.GetUtcNow();

    /// <summary>Takes the lock, opens the store, and repairs what a command that was killed, or a crash of the machine, left half-done.</summary>
    /// <param name="options">Where and for whom.</param>
    /// <param name="what">What the command does, for others that wait for it.</param>
    /// <param name="takeBackPending">A change that still waits for its confirmation is left alone unless nobody watches over it any more.</param>
    /// <exception cref="IOException">The store cannot be opened, or the lock not be taken.</exception>
    public static WeftEngine ToAct(EngineOptions options, string what, bool takeBackPending = true)
    {
        options.Paths.Prepare();
        return ToAct(options, HostLock.Take(options.Paths, what, options.Waiting), takeBackPending);
    }

    /// <summary>As <see cref="ToAct(EngineOptions, string, bool)"/>, but null when another command is at work.</summary>
    /// <param name="options">Where and for whom.</param>
    /// <param name="what">What the command does, for others that wait for it.</param>
    /// <exception cref="IOException">The store cannot be opened, or the lock not be used.</exception>
    public static WeftEngine? TryToAct(EngineOptions options, string what)
    {
        options.Paths.Prepare();
        return HostLock.Try(options.Paths, what) is { } held ? ToAct(options, held, takeBackPending: true) : null;
    }

    private static WeftEngine ToAct(EngineOptions options, FileLock held, bool takeBackPending)
    {
        try
        {
            var engine = new WeftEngine(options, held, options.Keeper?.Take(options) ?? EngineParts.Open(options));
            engine.Repaired = engine.Recover(takeBackPending);
            return engine;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the store to look only, and makes nothing where there is none. What is shown may be in the middle of a change; one that waits to be confirmed counts
    /// as made (<see cref="WeftStore.ToRead"/>).
    /// </summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static WeftEngine ToLook(EngineOptions options)
    {
        options.Paths.Check();
        return new WeftEngine(options, null, Rescue.ToRead(options));
    }

    /// <summary>
    /// Opens the engine for a service that acts now and then, and quickly, on what a reset of the machine takes away in any case, as hypervisors' links: what it writes
    /// outlives it, but not a reset that follows at once. It acts inside of <see cref="Hold"/> only.
    /// </summary>
    /// <exception cref="IOException">The store cannot be opened.</exception>
    public static WeftEngine ToServe(EngineOptions options)
    {
        options.Paths.Prepare();
        return new WeftEngine(options, null, Rescue.OpenUnlocked(options, passing: true));
    }

    /// <summary>Holds the lock while something is done, as a command does from begin to end.</summary>
    /// <exception cref="IOException">The lock cannot be taken, or what another command left half-done not be repaired.</exception>
    public T Hold<T>(string what, Func<T> work)
    {
        _lock = HostLock.Take(_options.Paths, what, _options.Waiting);
        try
        {
            Repaired = Recover(takeBackPending: true);
            return work();
        }
        finally
        {
            _lock.Dispose();
            _lock = null;
        }
    }

    /// <summary>
    /// Opens the store to compare the host with it: as <see cref="ToLook"/>, but never in the middle of a change. One in work is waited for, one that was left
    /// half-done is taken back, both unless the state cannot be written.
    /// </summary>
    /// <exception cref="IOException">The store cannot be opened, or the lock not be taken.</exception>
    public static WeftEngine ToCompare(EngineOptions options, string what)
    {
        if (!options.Paths.CanBeWritten) return ToLook(options);
        var engine = ToAct(options, what);
        if (engine.Waiting is null) return engine;
        engine.Dispose();
        return ToLook(options);
    }

    /// <summary>The host as planning of this file sees it: who else configures a NIC matters only where one becomes a port.</summary>
    private HostModel Host(ProjectSpec spec) => HostReader.Read(_socket, new HostReadOptions
    {
        Root = _options.Root, RuntimeDirectory = _options.Paths.Machine, KeepsProbed = _lock is not null, Managers = spec.Networks.Any(n => n is BridgeNetworkSpec { Uplink: not null }),
        Listeners = spec.Networks.OfType<NatNetworkSpec>().Any(n => n.Forwards.Any(f => f.Protocol == ForwardProtocol.Tcp)),
    });

    /// <summary>The host as one port more sees it: without other tools' configuration and filters, and of links that are ports only the uplinks. Its cost does not grow with the ports.</summary>
    /// <param name="networks">The networks.</param>
    /// <param name="ports">Links that are ports too.</param>
    private HostModel HostForPort(ImmutableArray<NetworkAllocation> networks, bool ports = false) => HostReader.Read(_socket, new HostReadOptions
    {
        Root = _options.Root, RuntimeDirectory = _options.Paths.Machine, Managers = false, Filters = false, Ports = ports, Named = [.. networks.SelectMany(n => n.Uplinks)],
    });

    /// <summary>What is on the host and Weft's, by key.</summary>
    /// <param name="scope">All of it, or some keys.</param>
    public IReadOnlyDictionary<Core.Resources.ResourceKey, Core.Resources.Resource> Observe(ReadScope scope) => _drivers.Set.Read(scope);

    /// <summary>Nothing went wrong with what is open: it may be kept for the next command, also when nothing was to be done.</summary>
    internal void EndWell() => _endedWell = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_endedWell && _options.Keeper is { } keeper) keeper.Return(_parts);
        else _parts.Dispose();
        _lock?.Dispose();
    }
}
