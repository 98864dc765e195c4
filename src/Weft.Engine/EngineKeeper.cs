using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Engine.Reconcile;
using Weft.Engine.Store;
using Weft.Linux.Libc;
using Weft.Linux.Route;

namespace Weft.Engine;

/// <summary>
/// Keeps what a command that acts has opened for the next one, so that a service that acts often need not open it each time. Belongs to one thread, as the commands do. Only what a
/// command ended well with is kept.
/// </summary>
public sealed class EngineKeeper : IDisposable
{
    private EngineParts? _kept;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _kept, null)?.Dispose();

    // Who moved the database away, or put a copy back, has put another file in its place.
    internal EngineParts Take(EngineOptions options)
    {
        if (Interlocked.Exchange(ref _kept, null) is not { } kept) return EngineParts.Open(options);
        if (kept.Database == FileIdentity.Of(options.Paths.Database) && kept.Store.IsReadable) return kept;
        kept.Dispose();
        return EngineParts.Open(options);
    }

    internal void Return(EngineParts parts) => Interlocked.Exchange(ref _kept, parts)?.Dispose();
}

/// <summary>What an engine opens: its store, a socket in the namespace, its drivers.</summary>
internal sealed class EngineParts : IDisposable
{
    internal EngineParts(EngineOptions options, WeftStore store)
    {
        Store = store;
        Drivers = new HostDrivers(options, store, Socket);
        Database = FileIdentity.Of(options.Paths.Database);
    }

    internal WeftStore Store { get; }
    internal RouteSocket Socket { get; } = new();
    internal HostDrivers Drivers { get; }
    internal FileIdentity? Database { get; }

    /// <summary>Sketches of projects, as read: ports come and go much oftener than files change.</summary>
    internal SpecCache Sketches { get; } = new(SpecReader.Read);

    /// <summary>The host as one port sees it, and the files that were applied then.</summary>
    internal (string Files, HostModel Host)? PortHost { get; set; }

    internal static EngineParts Open(EngineOptions options) => new(options, Rescue.Open(options));

    public void Dispose()
    {
        Drivers.Dispose();
        Socket.Dispose();
        Store.Dispose();
    }
}
