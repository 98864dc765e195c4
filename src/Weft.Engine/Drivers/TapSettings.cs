using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>A tap as a record and as the kernel has it.</summary>
internal static class TapSettings
{
    private const int NewMtu = 1500;

    /// <summary>The record of a tap; null when it is not Weft's.</summary>
    /// <param name="tap">The tap.</param>
    /// <param name="bridge">The bridge it is a port of; null when it is none's.</param>
    /// <param name="vlans">Asked when the bridge filters VLANs.</param>
    public static TapResource? Read(LinkInfo tap, LinkInfo? bridge, Func<int, IEnumerable<BridgeVlan>> vlans)
    {
        if (tap.Tun is not { IsTap: true } tun || !LinkTag.TryParse(tap.Alias, out var tag) || tag.Machine is null || tag.Guest) return null;
        return new TapResource(tag.Owner, tag.Network, tap.Name, bridge?.Name ?? "", tag.Machine)
        {
            Mtu = tap.Mtu,
            Up = tap.IsUp,
            MultiQueue = tun.MultiQueue,
            Isolated = tap.Port?.Isolated ?? false,
            Hairpin = tap.Port?.Hairpin ?? false,
            BpduGuard = tap.Port?.Guard ?? false,
            Cost = (int?)tap.Port?.Cost,
            Vlans = bridge?.Bridge?.VlanFiltering == true ? PortVlanChanges.Read(vlans(tap.Index)) : null,
        };
    }

    /// <summary>A tap as it is when it was just made.</summary>
    public static LinkInfo New(string name) => new() { Index = 0, Name = name, Mtu = NewMtu };

    /// <summary>Sets what differs, except that it comes up.</summary>
    /// <returns>Whether it is still to come up: a port is up only when all before has succeeded.</returns>
    public static bool Change(RouteBatch batch, LinkInfo there, TapResource r, LinkInfo bridge, Func<int, IEnumerable<BridgeVlan>> vlans)
    {
        var moves = there.MasterIndex != bridge.Index;
        if (there.IsUp && (moves || !r.Up)) batch.SetLink(there, new LinkSettings { Up = false });
        var settings = new LinkSettings
        {
            Mtu = there.Mtu == r.Mtu ? null : r.Mtu,
            Master = moves ? bridge.Index : null,
            Port = Options(r, (moves ? null : there.Port) ?? new BridgePortOptions()),
        };
        if (settings != new LinkSettings()) batch.Know(bridge.Index, bridge.Name).SetLink(there, settings);
        if (r.Vlans is { } wanted) PortVlanChanges.Set(batch.Know(there.Index, there.Name), there.Index, moves ? OfNewPort(bridge) : vlans(there.Index), wanted);
        return r.Up && (moves || !there.IsUp);
    }

    private static BridgePortOptions? Options(TapResource r, BridgePortOptions t)
    {
        var options = new BridgePortOptions
        {
            Isolated = r.Isolated == (t.Isolated ?? false) ? null : r.Isolated,
            Hairpin = r.Hairpin == (t.Hairpin ?? false) ? null : r.Hairpin,
            Guard = r.BpduGuard == (t.Guard ?? false) ? null : r.BpduGuard,
            Cost = r.Cost is { } cost && cost != t.Cost ? (uint)cost : null,
        };
        return options == new BridgePortOptions() ? null : options;
    }

    // The kernel puts a new port into the bridge's default VLAN (nbp_vlan_init of net/bridge/br_vlan.c).
    private static IEnumerable<BridgeVlan> OfNewPort(LinkInfo bridge) =>
        bridge.Bridge?.VlanDefaultPvid is { } pvid and not 0 ? [new BridgeVlan(0, pvid, pvid, Pvid: true, Untagged: true)] : [];
}
