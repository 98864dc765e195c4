using Weft.Core.Resources;
using Weft.Engine.Drivers.Nft;
using Weft.Engine.Store;
using Weft.Linux.Libc;
using Weft.Linux.Nft;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Reconcile;

/// <summary>Everything that tells of changes on the host, and whom they concern. It stays in the network namespace of the thread that made it.</summary>
internal sealed class HostWatch : IDisposable
{
    private const RouteGroups Groups = RouteGroups.Links | RouteGroups.Addresses | RouteGroups.Routes | RouteGroups.Settings;
    private const string Settings = "/proc/sys/";
    private readonly ReconcileOptions _how;
    private readonly WeftStore _store;
    private readonly string _lock;
    private readonly RouteSocket _socket = new();
    private readonly RouteWatch _route;
    private readonly NftWatch _nft;
    private readonly FileWatch _files = new();
    private readonly EventSignal _wake = new();
    private readonly LinkRegister _links;
    private readonly Dictionary<string, TimeSpan> _transaction = []; // projects that the nftables transaction being read concerns, since when
    private long _version;
    private string _key;

    public HostWatch(WeftStore store, string lockFile, ReconcileOptions how)
    {
        (_store, _lock, _how) = (store, lockFile, how);
        _route = new RouteWatch(Groups, how.ReceiveBytes);
        _nft = new NftWatch(NftNames.IsOurs, how.ReceiveBytes);
        _links = new LinkRegister(_socket);
        (_version, _key) = (store.DataVersion, store.FilesKey);
        Interests = Interests.Read(store);
        _links.Reload(Interests);
        WatchFiles();
    }

    /// <summary>What the store said last.</summary>
    public Interests Interests { get; private set; }

    /// <summary>Reads the store again when somebody has written to it, and watches what it names.</summary>
    /// <exception cref="IOException">The store cannot be read, or there is something that cannot be watched.</exception>
    public void Refresh()
    {
        var changed = false;
        if (_store.DataVersion is var version && version != _version)
        {
            var key = _store.FilesKey;
            changed = key != _key;
            (_version, _key) = (version, key);
            if (changed) Interests = Interests.Read(_store);
        }
        if (changed || _links.HasNew) WatchFiles();
    }

    /// <summary>Waits until something is told, or somebody wakes it.</summary>
    /// <param name="patience">How long at most.</param>
    public void Wait(TimeSpan patience) => Poll.Any(patience, _route.Descriptor, _nft.Descriptor, _files.Descriptor, _wake.Descriptor);

    /// <summary>Ends <see cref="Wait"/>, from any thread.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Notes whom the notices concern; where they do, until the burst they are in is over.</summary>
    /// <param name="suspects">Takes note.</param>
    /// <param name="clock">Time since the start of the watching.</param>
    /// <returns>True when a weft command may have ended.</returns>
    public bool Collect(Suspects suspects, Func<TimeSpan> clock)
    {
        var start = clock();
        var ended = _wake.Clear();
        do ended |= Read(suspects, clock());
        while (suspects.HasDue(clock()) && clock() - start < _how.LongestBurst && Poll.Any(_how.Quiet, _route.Descriptor, _nft.Descriptor, _files.Descriptor));
        return ended;
    }

    private bool Read(Suspects suspects, TimeSpan now)
    {
        var whole = _route.Read(n => Note(n, suspects, now));
        whole &= _nft.Read(n => Note(n, now), author => Blame(author, suspects));
        var written = _files.Read();
        foreach (var path in written.Where(p => p.StartsWith(Settings, StringComparison.Ordinal)))
            if (Interests.Settings.TryGetValue(path[Settings.Length..], out var owner)) Suspect(owner == Resource.Shared ? Interests.Projects : [owner], DriftScope.Links, suspects, now);
        if (!whole)
        {
            _links.Reload(Interests);
            Suspect(Interests.Projects, DriftScope.All, suspects, now);
        }
        return written.Contains(_lock);
    }

    private void Note(RouteNotice notice, Suspects suspects, TimeSpan now)
    {
        foreach (var concern in _links.Concerned(notice, Interests)) suspects.Add(concern.Project, DriftScope.Links, now, concern.Port);
    }

    private void Note(NftNotice notice, TimeSpan now)
    {
        // Elements say whose they are; the tables serve all.
        var owners = notice.Comments.Count == 0 ? Interests.Projects : notice.Comments.Distinct().SelectMany(c => c?.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? [c[..slash]] : Interests.Projects);
        foreach (var project in owners) _transaction.TryAdd(project, now);
    }

    // What this process does to the filters it reads back itself.
    private void Blame(NftAuthor author, Suspects suspects)
    {
        if (!author.IsOwn)
            foreach (var (project, since) in _transaction) suspects.Blame(project, DriftScope.Filter, since, author.Name);
        _transaction.Clear();
    }

    private static void Suspect(IEnumerable<string> projects, DriftScope scope, Suspects suspects, TimeSpan now)
    {
        foreach (var project in projects) suspects.Add(project, scope, now);
    }

    private void WatchFiles()
    {
        _links.Seen();
        if (Interests.Fdb.Count > 0) _route.WatchFdb();
        _files.Set([_lock, .. Interests.Settings.Keys.Select(s => Settings + s)]);
    }

    public void Dispose()
    {
        _route.Dispose();
        _nft.Dispose();
        _files.Dispose();
        _wake.Dispose();
        _socket.Dispose();
    }
}
