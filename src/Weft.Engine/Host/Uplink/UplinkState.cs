using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Resources;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host.Uplink;

/// <summary>Keeps what was captured of a NIC before it went under a bridge. Saving is durable before it returns.</summary>
public interface IUplinkStore
{
    /// <summary>The NICs there is something kept for.</summary>
    IReadOnlyCollection<string> Nics { get; }

    /// <summary>What is kept for a NIC, or null.</summary>
    string? Load(string nic);

    /// <summary>Keeps JSON for a NIC.</summary>
    void Save(string nic, string json);

    /// <summary>Forgets a NIC; nothing when it is unknown.</summary>
    void Delete(string nic);
}

/// <summary>A DHCP client that was serving a NIC: how to start it again.</summary>
/// <param name="Tool">dhclient or dhcpcd.</param>
/// <param name="Executable">Full path.</param>
/// <param name="Arguments">As it was started for the NIC.</param>
internal sealed record DhcpClientState(string Tool, string Executable, ImmutableArray<string> Arguments)
{
    /// <summary>It serves the bridge in another's place, who takes the NIC back himself.</summary>
    public bool BridgeOnly { get; init; }
}

/// <summary>What was on the NIC before, and what was wanted. Netlink objects are "type:base64 of the message".</summary>
internal sealed record UplinkState
{
    public required string Owner { get; init; }
    public required string Network { get; init; }
    public required string Nic { get; init; }
    public required string Bridge { get; init; }
    public int? Mtu { get; init; }
    public bool MoveAddresses { get; init; }
    public int? Cost { get; init; }
    public int? Priority { get; init; }
    public int? UntaggedVlan { get; init; }
    public ImmutableArray<VlanState>? TaggedVlans { get; init; }

    /// <summary>Index the NIC had; another one means that the machine was started anew and what was captured is history.</summary>
    public int NicIndex { get; init; }
    /// <summary>The kernel's boot id when it was captured; "" when that was not kept.</summary>
    public string Boot { get; init; } = "";
    public uint OriginalMtu { get; init; }
    public bool OriginalUp { get; init; }
    public ImmutableArray<string> Addresses { get; init; } = [];
    public ImmutableArray<string> Routes { get; init; } = [];
    public ImmutableArray<string> Neighbours { get; init; } = [];
    public ImmutableArray<string> Proxies { get; init; } = [];
    /// <summary>Addresses that were on the bridge before: they stay there.</summary>
    public ImmutableArray<string> OwnAddresses { get; init; } = [];
    /// <summary>Routes that were on the bridge before: they stay there.</summary>
    public ImmutableArray<string> OwnRoutes { get; init; } = [];
    public ImmutableArray<DhcpClientState> Clients { get; init; } = [];

    internal static UplinkState Of(UplinkResource r) => new()
    {
        Owner = r.Owner, Network = r.Network, Nic = r.Nic, Bridge = r.Bridge, Mtu = r.Mtu, MoveAddresses = r.MoveAddresses,
        Cost = r.Cost, Priority = r.Priority, UntaggedVlan = r.Vlans?.Untagged,
        TaggedVlans = r.Vlans is { } v ? [.. v.Tagged.Select(t => new VlanState(t.First, t.Last))] : null,
    };

    /// <summary>What was captured before, with what is wanted now.</summary>
    internal UplinkState Wanting(UplinkResource r) => Of(r) with
    {
        NicIndex = NicIndex, Boot = Boot, OriginalMtu = OriginalMtu, OriginalUp = OriginalUp, Addresses = Addresses, Routes = Routes,
        Neighbours = Neighbours, Proxies = Proxies, OwnAddresses = OwnAddresses, OwnRoutes = OwnRoutes, Clients = Clients,
    };

    internal UplinkState Capture(LinkState nic, Belongings had, Belongings bridge) => this with
    {
        NicIndex = nic.Index, Boot = Sysctl.BootId, OriginalMtu = nic.Mtu, OriginalUp = nic.Up,
        Addresses = Text(had.Addresses), Routes = Text(had.Routes), Neighbours = Text(had.Neighbours), Proxies = Text(had.Proxies),
        OwnAddresses = [.. bridge.Addresses.Select(Retarget.AddressKey)],
        OwnRoutes = [.. bridge.Routes.Select(Retarget.RouteKey)],
    };

    /// <summary>What was captured, as objects of the NIC.</summary>
    internal Belongings Captured() => new()
    {
        Addresses = Objects(Addresses), Routes = Objects(Routes), Neighbours = Objects(Neighbours), Proxies = Objects(Proxies),
    };

    internal string ToJson() => JsonSerializer.Serialize(this, UplinkJson.Default.UplinkState);

    internal static UplinkState? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize(json, UplinkJson.Default.UplinkState);

    private static ImmutableArray<string> Text(ImmutableArray<RtObject> list) => [.. list.Select(o => $"{o.Type}:{Convert.ToBase64String(o.Bytes())}")];

    private static ImmutableArray<RtObject> Objects(ImmutableArray<string> list) =>
        [.. list.Select(s => s.Split(':', 2)).Select(p => RtObject.Parse(ushort.Parse(p[0]), Convert.FromBase64String(p[1])))];
}

/// <summary>A range of VLANs in the store.</summary>
internal sealed record VlanState(int First, int Last);

[JsonSerializable(typeof(UplinkState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class UplinkJson : JsonSerializerContext;
