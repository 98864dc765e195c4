using System.Text.Json.Serialization;

namespace Weft.Core.Resources;

/// <summary>Kinds of resources, in the order in which they are made; they are removed in the opposite order.</summary>
public enum ResourceKind
{
    /// <summary>A file that hands a NIC over from the host's own network configuration.</summary>
    HostFile,
    /// <summary>The static skeleton of Weft's nftables table.</summary>
    NftTable,
    /// <summary>One element of a set or map of that table: policy is there before the port it is for.</summary>
    NftElement,
    /// <summary>A bridge.</summary>
    Bridge,
    /// <summary>A VLAN link over a NIC.</summary>
    Vlan,
    /// <summary>A kernel setting.</summary>
    Sysctl,
    /// <summary>An address of the host on a link of Weft's.</summary>
    Address,
    /// <summary>A route.</summary>
    Route,
    /// <summary>A tap on a bridge.</summary>
    Tap,
    /// <summary>A hypervisor's link on a bridge.</summary>
    GuestLink,
    /// <summary>A NIC put under a bridge, with its addresses, routes, rules and MAC moved to it.</summary>
    Uplink,
    /// <summary>A static FDB entry: of a port, so made after all ports.</summary>
    Fdb,
    /// <summary>DHCP, router advertisements and DNS of one network.</summary>
    DhcpScope,
    /// <summary>A machine known to DHCP and DNS.</summary>
    DhcpHost,
}

/// <summary>Identity of a resource on a host: unique over all projects.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Kind-specific: link name, set and key, sysctl path, file path.</param>
public readonly record struct ResourceKey(ResourceKind Kind, string Name)
{
    /// <summary>Order of making: by kind, then by name.</summary>
    public static int Compare(ResourceKey a, ResourceKey b) =>
        a.Kind != b.Kind ? a.Kind - b.Kind : string.CompareOrdinal(a.Name, b.Name);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="ArgumentException">The text names no kind.</exception>
    public static ResourceKey Parse(string text)
    {
        var space = text.IndexOf(' ');
        var kind = space < 0 ? text : text[..space];
        if (kind.Length == 0 || !char.IsAsciiLetter(kind[0]) || kind.Contains(',', StringComparison.Ordinal) || !Enum.TryParse<ResourceKind>(kind, ignoreCase: true, out var known)) throw new ArgumentException($"'{kind}' is no kind of resource");
        return new(known, space < 0 ? "" : text[(space + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()} {Name}";
}

/// <summary>
/// A plain record of something on the host. Two equal records mean the same state of the host: what a driver reads back after
/// carrying out a record equals that record.
/// </summary>
/// <param name="Owner">The project it belongs to; <see cref="Shared"/> when it serves all projects.</param>
/// <param name="Network">The network it was made for, "" when for none; shown in the plan.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(HostFileResource), "hostFile")]
[JsonDerivedType(typeof(NftTableResource), "nftTable")]
[JsonDerivedType(typeof(NftElementResource), "nftElement")]
[JsonDerivedType(typeof(BridgeResource), "bridge")]
[JsonDerivedType(typeof(VlanResource), "vlan")]
[JsonDerivedType(typeof(SysctlResource), "sysctl")]
[JsonDerivedType(typeof(AddressResource), "address")]
[JsonDerivedType(typeof(RouteResource), "route")]
[JsonDerivedType(typeof(TapResource), "tap")]
[JsonDerivedType(typeof(GuestLinkResource), "guestLink")]
[JsonDerivedType(typeof(FdbResource), "fdb")]
[JsonDerivedType(typeof(UplinkResource), "uplink")]
[JsonDerivedType(typeof(DhcpScopeResource), "dhcpScope")]
[JsonDerivedType(typeof(DhcpHostResource), "dhcpHost")]
public abstract record Resource(string Owner, string Network)
{
    /// <summary>Owner of what serves all projects (the table's skeleton, a global sysctl).</summary>
    public const string Shared = "*";

    /// <summary>Its identity.</summary>
    public abstract ResourceKey Key { get; }

    /// <summary>One line for people: what it is, without its name.</summary>
    public abstract string Summary { get; }
}

/// <summary>Create (no before), change, or delete (no after). The inverse swaps them.</summary>
/// <param name="Before">As it is on the host, null when absent.</param>
/// <param name="After">As it shall be, null when it shall go.</param>
/// <param name="Why">The reason shown in the plan ("declared in lab.yaml:4", "mtu 1500 -> 9000").</param>
public sealed record Step(Resource? Before, Resource? After, string Why)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Before is null ? '+' : After is null ? '-' : '~')} {Key} ({Why})";

    /// <summary>Its identity; made once, as orders and look-ups ask for it often.</summary>
    public ResourceKey Key { get; } = (After ?? Before ?? throw new ArgumentException("a step has a record before or after it")).Key;

    /// <summary>The step that takes this one back.</summary>
    public Step Inverse => new(After, Before, "undo");
}
