using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Modes;
using Weft.Core.Modes.Bridge;
using Weft.Core.Spec;

namespace Weft.Core.Ipam;

/// <summary>Gives the networks of a project their bridge names, MACs and subnets.</summary>
internal sealed class NetworkAllocator
{
    private readonly ProjectSpec _project;
    private readonly HostModel _host;
    private readonly DiagnosticBag _faults;
    private readonly RandomBytes _random;
    private readonly MacPool _macs;
    private readonly Dictionary<string, NetworkAllocation> _before;
    private readonly ImmutableArray<NetworkAllocation> _others;
    private readonly HashSet<string> _names;
    private readonly HashSet<string> _asked;
    private readonly HashSet<string> _had;
    private readonly Lazy<SubnetChooser> _chooser;
    private readonly SubnetChooser _declared = new(new HostModel(), new HashSet<string>());

    public NetworkAllocator(ProjectSpec project, HostModel host, AllocationState existing, RandomBytes random, DiagnosticBag faults)
    {
        (_project, _host, _random, _faults) = (project, host, random, faults);
        _before = existing.Networks.Where(n => n.Project == project.Name).ToDictionary(n => n.Network);
        _others = [.. existing.Networks.Where(n => n.Project != project.Name)];
        _macs = new MacPool(existing.Networks.Select(n => n.Mac).Concat(host.Links.Where(l => l.Mac is not null).Select(l => l.Mac!.Value)), random);
        _names = TakenNames(existing);
        _asked = [.. project.Networks.Where(n => n.Bridge is not null).Select(n => n.Bridge!)];
        _had = [.. _before.Values.Select(n => n.Bridge)];
        foreach (var s in project.Networks.SelectMany(n => n.Subnets)) _declared.Take(s.Prefix);
        _chooser = new(Chooser);
    }

    /// <summary>The networks of all projects, those of this one as the file wants them.</summary>
    public ImmutableArray<NetworkAllocation> Run()
    {
        // Which link an uplink is may depend on the name of another network's bridge.
        ImmutableArray<NetworkAllocation> named = [.. _others, .. _project.Networks.Select(Give)];
        ImmutableArray<string> Uplinks(NetworkSpec n) => [.. ModeCatalog.Of(n).Uplinks(n, _project, _host, named)];
        return [.. _others, .. _project.Networks.Select((n, i) => named[_others.Length + i] with { Uplinks = Uplinks(n) })];
    }

    private NetworkAllocation Give(NetworkSpec network)
    {
        var before = _before.GetValueOrDefault(network.Name);
        var bridge = Bridge(network, before);
        var adopted = before?.Bridge == bridge ? before.Adopted : null;
        return new(_project.Name, network.Name, bridge, adopted is null ? Mac(network, before) : before!.Mac, Subnets(network, before))
        {
            Mode = network.Mode, Adopted = adopted,
        };
    }

    // Names of the host's links are taken, except those that carry this project's tag: they are what was given before.
    private HashSet<string> TakenNames(AllocationState existing)
    {
        var ours = OwnLinks();
        var taken = new HashSet<string>(_others.Select(n => n.Bridge));
        taken.UnionWith(existing.Ports.Select(p => p.Tap));
        taken.UnionWith(_host.Links.Select(l => l.Name).Where(n => !ours.Contains(n)));
        return taken;
    }

    private HashSet<string> OwnLinks() =>
        [.. _host.Links.Where(l => l.IsOf(_project.Name)).Select(l => l.Name), .. _before.Values.Select(n => n.Bridge)];

    private string Bridge(NetworkSpec network, NetworkAllocation? before)
    {
        var name = network.Bridge ?? Kept(before) ?? LinkNames.Make("wb-", network.Name, $"{_project.Name}/{network.Name}", IsReserved);
        if (!_names.Add(name))
            _faults.Error("WEFT2001", network.At, $"network {network.Name}: the link {name} exists already and is not this network's", "choose another name with 'bridge:'");
        return name;
    }

    private string? Kept(NetworkAllocation? before) => before is null || _names.Contains(before.Bridge) || _asked.Contains(before.Bridge) ? null : before.Bridge;

    // A name that another network of the file asks for, or had before, is not for the choosing.
    private bool IsReserved(string name) => _names.Contains(name) || _asked.Contains(name) || _had.Contains(name);

    // A bridge that takes over its uplink's addresses has its MAC too, so that neighbours and DHCP servers see no change.
    private MacAddress Mac(NetworkSpec network, NetworkAllocation? before)
    {
        if (network is BridgeNetworkSpec { Uplink: { MoveAddresses: true } uplink } && UplinkMac(uplink) is { } mac) return mac;
        var takesOver = network is BridgeNetworkSpec { Uplink.MoveAddresses: true };
        return before is not null && (takesOver || before.Mac.IsLocal && !IsOfUplink(before)) ? before.Mac : _macs.Next();
    }

    private bool IsOfUplink(NetworkAllocation n) => _host.Links.Any(l => l.Mac == n.Mac && n.Uplinks.Contains(l.Name));

    // A VLAN that Weft is yet to make will have the MAC of its NIC.
    private MacAddress? UplinkMac(UplinkSpec uplink)
    {
        var port = UplinkPort.Of(uplink, _project.Name, _host);
        return (_host.Link(port.Name) ?? _host.Link(port.Nic))?.Mac;
    }

    private ImmutableArray<IpPrefix> Subnets(NetworkSpec network, NetworkAllocation? before)
    {
        if (!network.Subnets.IsEmpty) return [.. network.Subnets.Select(s => s.Prefix.Network)];
        if (network is not NatNetworkSpec) return [];
        if (before is { Subnets.IsEmpty: false } && before.Subnets.All(_declared.IsFree)) return before.Subnets;
        return Choose(network);
    }

    private ImmutableArray<IpPrefix> Choose(NetworkSpec network)
    {
        if (_chooser.Value.NextV4($"{_project.Name}/{network.Name}") is { } v4)
            return _host.Features.Contains(HostFeatures.Ipv6) ? [v4, _chooser.Value.NextV6(_random)] : [v4];
        _faults.Error("WEFT2002", network.At, $"network {network.Name}: no free /24 is left in 10.0.0.0/8", "give 'subnets:'");
        return [];
    }

    private SubnetChooser Chooser()
    {
        var chooser = new SubnetChooser(_host, OwnLinks());
        foreach (var p in _others.Concat(_before.Values).SelectMany(n => n.Subnets)) chooser.Take(p);
        foreach (var s in _project.Networks.SelectMany(n => n.Subnets)) chooser.Take(s.Prefix);
        return chooser;
    }
}
