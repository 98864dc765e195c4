using System.Collections.Immutable;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Ipam;

/// <summary>Gives ports their taps, MACs and addresses. First what the file asks for by name, then what was given before, then new ones.</summary>
internal sealed class PortAllocator
{
    private readonly record struct PortKey(string Network, string Machine, int Index);

    private readonly ProjectSpec _project;
    private readonly Elsewhere _elsewhere;
    private readonly DateTimeOffset _now;
    private readonly DiagnosticBag _faults;
    private readonly MacPool _macPool;
    private readonly ImmutableArray<NetworkAllocation> _networks;
    private readonly ImmutableArray<PortAllocation> _others;
    private readonly Dictionary<PortKey, PortAllocation> _before = [];
    private readonly Dictionary<PortKey, PortAllocation> _given = [];
    private readonly Dictionary<string, NetworkPool> _pools = [];
    private readonly Dictionary<string, PortKey> _taps = [];
    private readonly HashSet<string> _foreignNames;
    private readonly HashSet<(string Link, string? Bridge)> _bridged;
    private readonly Dictionary<(string Domain, MacAddress Mac), string> _macs = [];

    public PortAllocator(ProjectSpec project, HostModel host, AllocationState existing, Elsewhere elsewhere,
        ImmutableArray<NetworkAllocation> networks, DateTimeOffset now, RandomBytes random, DiagnosticBag faults)
    {
        (_project, _elsewhere, _now, _networks, _faults) = (project, elsewhere, now, networks, faults);
        _others = [.. existing.Ports.Where(p => p.Project != project.Name)];
        foreach (var p in existing.Ports.Where(p => p.Project == project.Name)) _before[new(p.Network, p.Machine, p.Index)] = p;
        _macPool = new MacPool(TakenMacs(host, existing), random);
        _foreignNames = [.. networks.Select(n => n.Bridge), .. _others.Select(p => p.Tap), .. ForeignLinks(host)];
        _bridged = [.. host.Links.Where(l => l.Master is not null).Select(l => (l.Name, l.Master))];
        BuildPools(host);
        TakeOthersMacs();
    }

    /// <summary>What is given out now.</summary>
    public AllocationState State() => new(_networks, [.. _others, .. _given.Values]);

    /// <summary>All ports stay.</summary>
    public void KeepAll()
    {
        foreach (var (key, port) in _before)
            if (_pools.ContainsKey(key.Network)) Keep(key, port);
    }

    /// <summary>Gives every port of the file. Ports made one by one stay while their network is there and the file does not declare them.</summary>
    public void GiveDeclared()
    {
        foreach (var (key, port) in _before) _before[key] = port with { Link = IsThere(port) ? port.Link : null };
        var wanted = Declared().ToList();
        var alone = Undeclared(wanted.Select(w => w.Key).ToHashSet());
        foreach (var (key, spec) in alone) HoldBefore(key, spec);
        foreach (var (key, spec) in wanted) Reserve(key, spec);
        foreach (var (key, spec) in wanted) HoldBefore(key, spec);
        foreach (var (key, spec) in wanted) Give(key, spec, declared: true);
        foreach (var (key, spec) in alone) Give(key, spec, declared: false);
    }

    // A hypervisor takes its links away whether somebody watches or not.
    private bool IsThere(PortAllocation port) =>
        port.Link is { } link && _bridged.Contains((link, _networks.FirstOrDefault(n => n.Project == port.Project && n.Network == port.Network)?.Bridge));

    private List<(PortKey Key, PortSpec Spec)> Undeclared(HashSet<PortKey> declared) =>
        [.. _before.Where(b => !b.Value.Declared && !declared.Contains(b.Key) && _pools.TryGetValue(b.Key.Network, out var pool) && Stays(b.Value, pool)).Select(b => (b.Key, new PortSpec(b.Key.Network)))];

    // What a stranger's link was given lasts as long as the link, and the word of the file that strangers get ports.
    private static bool Stays(PortAllocation port, NetworkPool pool) => !port.Guest || (port.Link is not null && pool.GivesStrangers);

    /// <summary>Gives one port that the file does not declare.</summary>
    public void GiveOne(string machine, PortSpec spec)
    {
        var key = new PortKey(spec.Network, machine, 0);
        if (!_pools.ContainsKey(spec.Network))
            _faults.Error("WEFT2009", spec.At, $"network {spec.Network} is not part of project {_project.Name}", "apply the file that declares it first");
        else if (_given.TryGetValue(key, out var had))
            CheckSame(had, spec);
        else if (Reserve(key, spec))
            Give(key, spec, declared: false);
    }

    // A port that is there stays; whoever names another MAC or address must not believe that it was given.
    private void CheckSame(PortAllocation had, PortSpec spec)
    {
        if ((spec.Mac is null || spec.Mac == had.Mac) && spec.Addresses.All(had.Addresses.Contains)) return;
        _faults.Error("WEFT2007", spec.At, $"machine {had.Machine} has a port on network {had.Network} already: {string.Join(", ", [had.Mac.ToString(), .. had.Addresses.Select(a => a.ToString())])}",
            had.Declared ? "change it in the file and apply that" : $"remove it first: weft port rm {had.Machine}");
    }

    private IEnumerable<(PortKey Key, PortSpec Spec)> Declared()
    {
        var counts = new Dictionary<string, int>();
        foreach (var machine in _project.Machines)
        {
            counts.Clear();
            foreach (var port in machine.Ports)
            {
                var index = counts.GetValueOrDefault(port.Network);
                counts[port.Network] = index + 1;
                if (_pools.ContainsKey(port.Network)) yield return (new(port.Network, machine.Name, index), port);
            }
        }
    }

    private static IEnumerable<MacAddress> TakenMacs(HostModel host, AllocationState existing) =>
        existing.Ports.Select(p => p.Mac).Concat(existing.Networks.Select(n => n.Mac)).Concat(host.Links.Where(l => l.Mac is not null).Select(l => l.Mac!.Value));

    private static IEnumerable<string> ForeignLinks(HostModel host) =>
        host.Links.Where(l => !l.IsOurs).Select(l => l.Name);

    private void BuildPools(HostModel host)
    {
        var specs = _project.Networks.ToDictionary(n => n.Name);
        var seen = host.Neighbours.Concat(host.Addresses.Select(a => a.Address.Address)).Select(a => (a.AddressFamily, IpPrefix.ToNumber(a))).ToHashSet();
        foreach (var network in _networks.Where(n => n.Project == _project.Name))
            if (specs.TryGetValue(network.Network, out var spec)) _pools[network.Network] = new NetworkPool(spec, network, network.Wire, seen);
    }

    private void TakeOthersMacs()
    {
        var domains = _networks.Where(n => n.Project != _project.Name).ToDictionary(n => (n.Project, n.Network), n => n.Wire);
        foreach (var p in _others)
            if (domains.TryGetValue((p.Project, p.Network), out var domain)) _macs[(domain, p.Mac)] = $"{p.Machine} of project {p.Project}";
        foreach (var n in _networks) _macs.TryAdd((n.Wire, n.Mac), $"the bridge {n.Bridge}");
    }

    private void Keep(PortKey key, PortAllocation port)
    {
        var pool = _pools[key.Network];
        foreach (var a in port.Addresses) pool.Take(a, port.Machine);
        _taps[port.Tap] = key;
        _macs[(pool.Domain, port.Mac)] = port.Machine;
        _given[key] = port;
    }

    // What the file names is reserved before anything is chosen, so that no choice can be in its way.
    private bool Reserve(PortKey key, PortSpec spec)
    {
        var fine = spec.Mac is null || TakeMac(key, spec.Mac.Value, spec.At);
        if (spec.Tap is not null) fine &= TakeTap(key, spec.Tap, spec.At);
        foreach (var address in spec.Addresses) fine &= TakeAddress(key, spec, address);
        return fine;
    }

    private bool TakeMac(PortKey key, MacAddress mac, Location at)
    {
        _macPool.Take(mac);
        var why = mac.IsMulticast ? "is a group address" : mac.Value == 0 ? "is no machine's" : null;
        if (why is null && _macs.TryAdd((_pools[key.Network].Domain, mac), key.Machine)) return true;
        why ??= $"is the MAC of {_macs[(_pools[key.Network].Domain, mac)]}, which is on the same wire";
        _faults.Error("WEFT2003", at, $"machine {key.Machine}: {mac} {why}", "give another 'mac:' or leave it out");
        return false;
    }

    private bool TakeTap(PortKey key, string tap, Location at)
    {
        if (LinkNames.IsValid(tap) && !_foreignNames.Contains(tap) && _taps.TryAdd(tap, key)) return true;
        _faults.Error("WEFT2004", at, $"machine {key.Machine}: the tap's name {tap} {(LinkNames.IsValid(tap) ? "is in use" : "is no link name")}", "give another 'tap:' or leave it out");
        return false;
    }

    private bool TakeAddress(PortKey key, PortSpec spec, IPAddress address)
    {
        var pool = _pools[key.Network];
        var refusal = pool.Refusal(address) ?? (pool.Take(address, key.Machine) ? null : $"is given to {pool.OwnerOf(address)}");
        if (refusal is null) return true;
        _faults.Error("WEFT2005", spec.At, $"machine {key.Machine}: {address} {refusal}", $"choose another address on network {key.Network}");
        return false;
    }

    // What was given before is held before anything new is chosen, so that no new port takes what an old one keeps.
    private void HoldBefore(PortKey key, PortSpec spec)
    {
        if (!_before.TryGetValue(key, out var old)) return;
        var pool = _pools[key.Network];
        var kept = old.Addresses.Where(a => pool.MayKeep(a, spec.Addresses) && pool.Take(a, key.Machine));
        var tap = spec.Tap is null && !_foreignNames.Contains(old.Tap) && _taps.TryAdd(old.Tap, key) ? old.Tap : "";
        var mac = spec.Mac is null && _macs.TryAdd((pool.Domain, old.Mac), key.Machine) ? old.Mac : default;
        _before[key] = old with { Addresses = [.. kept], Tap = tap, Mac = mac };
    }

    private void Give(PortKey key, PortSpec spec, bool declared)
    {
        var old = _before.GetValueOrDefault(key);
        var tap = spec.Tap ?? (old is { Tap.Length: > 0 } ? old.Tap : NewTap(key));
        var mac = spec.Mac ?? (old is { Mac.Value: not 0 } ? old.Mac : NewMac(key));
        var addresses = _pools[key.Network].Complete(spec.Addresses, old?.Addresses ?? [], key.Machine, mac, out var exhausted);
        if (exhausted is not null)
            _faults.Error("WEFT2006", spec.At, $"machine {key.Machine}: no address is left in {exhausted} of network {key.Network}", "make the subnet or its pool larger, or 'exclude' less");
        _given[key] = new(_project.Name, key.Network, key.Machine, key.Index, tap, mac, addresses, old?.Since ?? _now, declared) { Link = old?.Link, Guest = old is { Guest: true } && !declared };
    }

    private string NewTap(PortKey key)
    {
        var name = key.Index == 0 ? key.Machine : $"{key.Machine}-{key.Index}";
        var tap = LinkNames.Make("wt-", name, $"{_project.Name}/{key.Network}/{name}", n => _taps.ContainsKey(n) || _foreignNames.Contains(n) || _elsewhere.HasTap(n));
        _taps[tap] = key;
        return tap;
    }

    private MacAddress NewMac(PortKey key)
    {
        var mac = _macPool.Next();
        while (_elsewhere.HasMac(mac)) mac = _macPool.Next();
        _macs[(_pools[key.Network].Domain, mac)] = key.Machine;
        return mac;
    }
}
