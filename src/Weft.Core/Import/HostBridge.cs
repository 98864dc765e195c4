using System.Globalization;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Import;

/// <summary>A bridge that the host's own network configuration makes, on its way to be a network of Weft.</summary>
internal sealed class HostBridge(string name, Location at, Notes notes)
{
    // What the kernel takes (net/bridge/br_private_stp.h, br_stp_if.c), in seconds and numbers.
    private static readonly Dictionary<string, (int Min, int Max)> Ranges = new()
    {
        ["forward delay"] = (2, 30), ["hello time"] = (1, 10), ["max age"] = (6, 40), ["ageing time"] = (0, 1_000_000), ["priority"] = (0, 65535),
        ["port priority"] = (0, 63), ["path cost"] = (1, 65535), ["MTU"] = (68, 65535),
    };

    private readonly Dictionary<string, int> _values = [];

    /// <summary>The port to the outside.</summary>
    public UplinkSpec? Uplink { get; set; }
    /// <summary>Whether spanning tree runs.</summary>
    public bool Stp { get; set; }
    /// <summary>VLAN filtering.</summary>
    public VlanSpec? Vlan { get; set; }
    /// <summary>Multicast snooping and querier.</summary>
    public (bool Snooping, bool Querier) Multicast { get; set; }
    /// <summary>Where its packets are translated to leave by; null for nowhere.</summary>
    public NatNetworkSpec? Nat { get; set; }
    /// <summary>The host's addresses on it.</summary>
    public List<(IpPrefix Address, Location At)> Addresses { get; } = [];

    /// <summary>Takes a number of the bridge; one that the kernel would not take is reported and left out.</summary>
    public void Set(string what, double? value, Location place)
    {
        var (min, max) = Ranges[what];
        if (value is { } v && v == Math.Floor(v) && v >= min && v <= max) _values[what] = (int)v;
        else if (value is { } other) notes.Changed(place, $"{what} {other.ToString(CultureInfo.InvariantCulture)}: Weft's file has whole numbers of {min} to {max}; the kernel's own is kept", null);
        else notes.Bad(place, $"{what}: this is no number");
    }

    /// <summary>The network.</summary>
    public Draft Build()
    {
        if (!SpecText.IsLinkName(name)) notes.Bad(at, $"{Notes.Q(name)} is no name of a link", "at most 15 of letters, digits and _ . @ + -");
        NetworkSpec network = Nat is not null ? Nat with { Name = name } : new BridgeNetworkSpec(name) { Uplink = WithCosts() };
        return new Draft(network with
        {
            At = at, Bridge = name, Mtu = Value("MTU"), Stp = StpOf(), Vlan = Vlan, Subnets = [.. Subnets()], Dhcp = Nat is null ? new DhcpSpec() : new DhcpSpec(false),
            Options = new BridgeOptionsSpec(Value("ageing time"), Multicast.Snooping, Multicast.Querier),
        }, notes);
    }

    private int? Value(string what) => _values.TryGetValue(what, out var v) ? v : null;

    private UplinkSpec? WithCosts() => Uplink is null ? null : Uplink with { Cost = Value("path cost"), Priority = Value("port priority") };

    private StpSpec? StpOf()
    {
        var stp = new StpSpec(Stp, Value("priority"), Value("forward delay"), Value("hello time"), Value("max age"));
        return stp == new StpSpec(false) ? null : stp;
    }

    private IEnumerable<SubnetSpec> Subnets()
    {
        if (Uplink is { } uplink)
        {
            foreach (var (address, place) in Addresses)
                notes.Changed(place, $"{address} is the host's: Weft moves the addresses of {uplink.Link} to the bridge", $"give {address} to {uplink.Link} in the host's configuration");
            yield break;
        }
        foreach (var (address, place) in Addresses)
        {
            if (address.Address.IsIPv6LinkLocal || address.Length > address.Bits - 2) notes.Lost(place, $"{address} is no network for machines", "leave it to the host's configuration, on another link");
            else yield return SourceText.Subnet(address, place);
        }
    }
}
