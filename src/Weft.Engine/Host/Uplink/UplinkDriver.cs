using System.Collections.Immutable;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host.Uplink;

/// <summary>
/// Puts NICs under bridges so that the administrator stays connected: addresses, routes, rules, neighbours and a DHCP client go along. A step that
/// is refused half-way is taken back before the driver returns.
/// </summary>
/// <param name="store">Where is kept what was on a NIC before.</param>
/// <param name="root">Root of the host's files ("/"): where leases are looked for.</param>
public sealed class UplinkDriver(IUplinkStore store, string root = "/") : IDriver, IDisposable
{
    private readonly RouteTalk _talk = new();

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Uplink];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        IEnumerable<string> names = scope.Names(ResourceKind.Uplink) ?? store.Nics;
        return [.. names.Select(Observe).OfType<Resource>()];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        var mover = new UplinkMover(_talk, store, root);
        foreach (var step in steps) Apply(mover, (UplinkResource?)step.Before, (UplinkResource?)step.After);
    }

    /// <inheritdoc/>
    public void Dispose() => _talk.Dispose();

    private void Apply(UplinkMover mover, UplinkResource? before, UplinkResource? after)
    {
        if (after is { IsForeign: true }) store.Delete(after.Nic); // it stays where it is, and is nobody's of Weft's
        else if (before is { IsForeign: true }) mover.Adopt(after!);
        else if (after is null or { Bridge: "" }) mover.Detach((before ?? after)!.Nic);
        else
        {
            if (before is not null && (before.Bridge != after.Bridge || (before.MoveAddresses && !after.MoveAddresses))) mover.Detach(before.Nic);
            mover.Attach(after);
        }
    }

    /// <summary>What is there, in the terms of what was wanted: settings left to the kernel are not compared.</summary>
    private UplinkResource? Observe(string name)
    {
        if (UplinkState.FromJson(store.Load(name)) is not { } state || _talk.Nic(state) is not { } nic || (nic.Master == 0 && !IsBereft(state, nic))) return null;
        return new UplinkResource(state.Owner, state.Network, name, nic.Master == 0 ? "" : _talk.NameOf(nic.Master))
        {
            Mtu = state.Mtu is null ? null : (int)nic.Mtu,
            Cost = state.Cost is null ? null : (int)nic.Cost,
            Priority = state.Priority is null ? null : nic.Priority,
            MoveAddresses = state.MoveAddresses && Moved(nic),
            Vlans = state.TaggedVlans is { } tagged
                ? new PortVlans(state.UntaggedVlan, [.. tagged.Select(t => new Core.Spec.VlanRange(t.First, t.Last))])
                : null,
        };
    }

    /// <summary>
    /// The NIC was taken out of its bridge, or the bridge was removed, by hand: what had moved is not on the NIC, and has yet to be given back. After
    /// a restart of the machine whoever configures it has the word.
    /// </summary>
    private bool IsBereft(UplinkState state, LinkState nic)
    {
        if (!state.MoveAddresses || state.NicIndex != nic.Index || state.Boot != Sysctl.BootId || state.Addresses.IsEmpty) return false;
        var has = Belongings.Read(_talk, nic).Addresses.Select(Retarget.AddressKey).ToHashSet();
        return !state.Captured().Addresses.Any(a => has.Contains(Retarget.AddressKey(a)));
    }

    /// <summary>Nothing is left on the NIC that ought to be on the bridge.</summary>
    private bool Moved(LinkState nic) => Belongings.Read(_talk, nic) is { Addresses.IsEmpty: true, Routes.IsEmpty: true };
}
