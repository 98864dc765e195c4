using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Ipam;

/// <summary>The addresses of one network during an allocation: who has which, and where the next free one may be.</summary>
internal sealed class NetworkPool
{
    private readonly ImmutableArray<SubnetLayout> _layouts;
    private readonly UInt128[] _cursors;
    private readonly HashSet<(AddressFamily, UInt128)> _seen;
    private readonly Dictionary<IPAddress, string> _owners = [];
    private readonly bool _slaac;

    /// <summary>An empty pool.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="given">What it was given.</param>
    /// <param name="domain">Its L2 domain.</param>
    /// <param name="seen">Addresses seen on the host or the wire; they are not chosen.</param>
    public NetworkPool(NetworkSpec spec, NetworkAllocation given, string domain, HashSet<(AddressFamily, UInt128)> seen)
    {
        (_layouts, _seen, Domain, _slaac) = (Layouts.Of(spec, given.Subnets), seen, domain, !spec.Dhcp.Stateful6);
        GivesStrangers = spec.DefaultPort == DefaultPort.Guard;
        _cursors = [.. _layouts.Select(l => l.FirstAutomatic)];
    }

    /// <summary>The wire in which a MAC must be unique.</summary>
    public string Domain { get; }

    /// <summary>Whether a link that no port is known for gets one.</summary>
    public bool GivesStrangers { get; }

    /// <summary>Gives the address to a machine; false when it is given already.</summary>
    public bool Take(IPAddress address, string machine) => _owners.TryAdd(address, machine);

    /// <summary>Who has the address.</summary>
    public string OwnerOf(IPAddress address) => _owners.GetValueOrDefault(address, "nobody");

    /// <summary>Why no machine may have the address, or null. Without subnets (a bridge whose addresses others give) any will do.</summary>
    public string? Refusal(IPAddress address)
    {
        if (_layouts.IsEmpty) return null;
        var layout = LayoutOf(address);
        return layout is null ? $"is in none of the network's subnets ({string.Join(", ", _layouts.Select(l => l.Prefix))})" : layout.Refusal(address);
    }

    /// <summary>Whether a machine that had the address may go on having it, when the file asks for <paramref name="wanted"/>.</summary>
    public bool MayKeep(IPAddress address, ImmutableArray<IPAddress> wanted) =>
        LayoutOf(address) is { } layout && layout.Refusal(address) is null && layout.SkipFrom(IpPrefix.ToNumber(address)) is null && !IsSlaac(layout)
        && !wanted.Any(layout.Prefix.Contains);

    /// <summary>One address of each subnet: the wanted or kept one, else the lowest free one; in a subnet of SLAAC the one that the machine makes of its MAC.</summary>
    public ImmutableArray<IPAddress> Complete(ImmutableArray<IPAddress> wanted, ImmutableArray<IPAddress> kept, string machine, MacAddress mac, out IpPrefix? exhausted)
    {
        exhausted = null;
        var all = wanted.AddRange(kept);
        for (var i = 0; i < _layouts.Length; i++)
        {
            if (all.Any(_layouts[i].Prefix.Contains)) continue;
            if ((IsSlaac(_layouts[i]) ? mac.Eui64(_layouts[i].Prefix) : Next(i, machine)) is { } address) all = all.Add(address);
            else exhausted = _layouts[i].Prefix;
        }
        return all;
    }

    // Nothing is given back during an allocation, so what the cursor has passed stays taken.
    private IPAddress? Next(int i, string machine)
    {
        var layout = _layouts[i];
        ref var n = ref _cursors[i];
        while (n <= layout.LastAutomatic)
        {
            if (layout.SkipFrom(n) is { } behind) n = behind;
            else if (IpPrefix.FromNumber(n++, layout.Prefix.IsV4) is var a && !_seen.Contains((a.AddressFamily, n - 1)) && Take(a, machine)) return a;
        }
        return null;
    }

    private bool IsSlaac(SubnetLayout layout) => _slaac && layout.Prefix is { IsV4: false, Length: 64 };

    private SubnetLayout? LayoutOf(IPAddress address)
    {
        foreach (var layout in _layouts)
            if (layout.Prefix.Contains(address)) return layout;
        return null;
    }
}
