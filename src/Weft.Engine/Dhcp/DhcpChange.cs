using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>Carries out one batch of steps, under the lock: on the manifest in memory, then on dnsmasq, then on the manifest's files.</summary>
internal sealed class DhcpChange(DhcpPaths paths, Manifest manifest)
{
    private readonly SortedDictionary<string, ManifestEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<DhcpHostResource>> _added = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rewritten = new(StringComparer.Ordinal);
    private readonly List<DhcpHostResource> _gone = [];
    private readonly List<DhcpScopeResource> _closed = [];
    private bool _scopes;

    internal void Carry(IReadOnlyList<Step> steps)
    {
        using var running = DnsmasqProcess.Find(paths);
        foreach (var step in steps) Take(step, running is not null);
        if (running is { IsHere: true } && !_scopes) ChangeFiles(running);
        else Rebuild(running);
        foreach (var (link, entry) in _entries) manifest.Write(link, entry);
    }

    private void Take(Step step, bool running)
    {
        var link = (step.After ?? step.Before) switch { DhcpScopeResource s => s.Link, DhcpHostResource h => h.Link, var r => throw new ArgumentException($"{r?.Key} is none of DHCP's") };
        if (!_entries.TryGetValue(link, out var entry)) _entries[link] = entry = running ? manifest.Read(link) : manifest.ReadOrDrop(link);
        if ((step.Before ?? step.After) is DhcpScopeResource) TakeScope(entry, (DhcpScopeResource?)step.After, link);
        else TakeHost(entry, (DhcpHostResource)(step.After ?? step.Before)!, step.After is null);
    }

    private void TakeScope(ManifestEntry entry, DhcpScopeResource? after, string link)
    {
        _scopes = true;
        if (after is null && entry.Scope is { } closed) _closed.Add(closed);
        entry.Scope = after;
        _rewritten.Add(link);
    }

    private void TakeHost(ManifestEntry entry, DhcpHostResource host, bool goes)
    {
        var before = entry.Hosts.GetValueOrDefault(host.Mac.Value);
        if (goes ? before is null : host.Equals(before)) return;
        if (goes) entry.Hosts.Remove(host.Mac.Value);
        else entry.Hosts[host.Mac.Value] = host;
        if (before is not null)
        {
            _gone.Add(before);
            _rewritten.Add(host.Link);
        }
        else if (_added.TryGetValue(host.Link, out var list)) list.Add(host);
        else _added[host.Link] = [host];
    }

    // No restart: new machines are read at once, SIGHUP makes dnsmasq forget the others.
    private void ChangeFiles(DnsmasqProcess running)
    {
        foreach (var link in _rewritten) HostFiles.WriteAll(running.Folder, link, _entries[link]);
        foreach (var (link, hosts) in _added)
            if (!_rewritten.Contains(link) && _entries[link].Scope is { } scope) HostFiles.Add(running.Folder, scope, hosts);
        if (_gone.Count == 0) return;
        running.Reload();
        Release();
    }

    private void Release()
    {
        if (!File.Exists(paths.Leases)) return;
        var gone = _gone.SelectMany(h => h.Addresses.Select(a => (Address: a, h.Link))).ToDictionary(x => x.Address, x => x.Link);
        var server = DhcpLeases.ServerDuid(paths.Leases);
        foreach (var lease in DhcpLeases.Lines(paths.Leases).Select(DhcpLeases.Parse).OfType<DhcpLease>())
            if (gone.TryGetValue(lease.Address, out var link) && _entries[link].Scope is { } scope) LeaseRelease.Send(lease, scope, server);
    }

    private void Rebuild(DnsmasqProcess? running)
    {
        var all = All(running is not null);
        var wanted = new Generation(paths, all.Values);
        if (wanted.IsEmpty) End(running);
        else if (running is { IsHere: true } && wanted.Folder == running.Folder) ChangeFiles(running);
        else Replace(running, wanted, all);
        var resolver = new HostResolver();
        if (!wanted.IsEmpty && HostResolver.IsHere && resolver.IsInUse(paths.ResolvConf)) resolver.Point(paths, Scopes(all));
    }

    private static IEnumerable<DhcpScopeResource> Scopes(SortedDictionary<string, ManifestEntry> all) => all.Values.Select(e => e.Scope).OfType<DhcpScopeResource>();

    private SortedDictionary<string, ManifestEntry> All(bool running)
    {
        var all = new SortedDictionary<string, ManifestEntry>(_entries, StringComparer.Ordinal);
        foreach (var link in manifest.Links)
            if (!all.ContainsKey(link)) all[link] = running ? manifest.Read(link) : manifest.ReadOrDrop(link);
        return all;
    }

    private void End(DnsmasqProcess? running)
    {
        running?.Stop();
        foreach (var f in Directory.EnumerateDirectories(paths.Run).Where(f => File.Exists(Path.Combine(f, "dnsmasq.conf")))) Directory.Delete(f, recursive: true);
        File.Delete(paths.Pid);
        File.Delete(paths.Leases);
        HostResolver.Forget(paths);
    }

    private void Replace(DnsmasqProcess? running, Generation wanted, SortedDictionary<string, ManifestEntry> all)
    {
        wanted.Write(all);
        using var handover = running is { IsHere: true } ? Handover.Begin(Scopes(all)) : null;
        running?.Stop();
        LeaseFile.Forget(paths.Leases, _closed, _gone);
        try
        {
            DnsmasqProcess.Start(wanted.Folder);
        }
        catch (DhcpException) when (running is { IsHere: true })
        {
            DnsmasqProcess.Start(running.Folder); // what was served is served on; the fault goes to the caller
            throw;
        }
        handover?.Finish();
        wanted.RemoveOthers();
    }
}
