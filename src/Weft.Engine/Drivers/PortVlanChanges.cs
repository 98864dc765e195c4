using System.Collections.Immutable;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>VLANs of a bridge port as a record and as the kernel has them (bridge-vlan(8)).</summary>
internal static class PortVlanChanges
{
    private const int Count = 4096;

    [Flags]
    private enum Vid : byte
    {
        None = 0,
        Member = 1,
        Pvid = 2,
        Untagged = 4,
    }

    /// <summary>The record.</summary>
    public static PortVlans Read(IEnumerable<BridgeVlan> vlans)
    {
        var vids = Table(vlans);
        var untagged = Array.FindIndex(vids, v => v == (Vid.Member | Vid.Pvid | Vid.Untagged));
        return new(untagged < 0 ? null : untagged, [.. Runs(vids, (vid, v) => v != 0 && vid != untagged).Select(r => new VlanRange(r.First, r.Last))]);
    }

    /// <summary>Adds what is missing, then takes away what is too much.</summary>
    /// <param name="batch">Where the messages go.</param>
    /// <param name="port">Interface index of the port.</param>
    /// <param name="vlans">What it has.</param>
    /// <param name="wanted">What it shall have.</param>
    public static void Set(RouteBatch batch, int port, IEnumerable<BridgeVlan> vlans, PortVlans wanted)
    {
        var (there, want) = (Table(vlans), Table(wanted));
        foreach (var (first, last) in Runs(want, (vid, v) => v == Vid.Member && there[vid] != v))
            batch.NewBridgeVlan(new BridgeVlan(port, (ushort)first, (ushort)last));
        if (wanted.Untagged is { } u && there[u] != want[u]) batch.NewBridgeVlan(new BridgeVlan(port, (ushort)u, (ushort)u, Pvid: true, Untagged: true));
        foreach (var (first, last) in Runs(want, (vid, v) => v == 0 && there[vid] != 0))
            batch.DelBridgeVlan(new BridgeVlan(port, (ushort)first, (ushort)last));
    }

    private static Vid[] Table(IEnumerable<BridgeVlan> vlans)
    {
        var vids = new Vid[Count];
        foreach (var v in vlans)
            vids.AsSpan(v.Vid, v.LastVid - v.Vid + 1).Fill(Vid.Member | (v.Pvid ? Vid.Pvid : 0) | (v.Untagged ? Vid.Untagged : 0));
        return vids;
    }

    private static Vid[] Table(PortVlans vlans)
    {
        var vids = new Vid[Count];
        foreach (var r in vlans.Tagged) vids.AsSpan(r.First, r.Last - r.First + 1).Fill(Vid.Member);
        if (vlans.Untagged is { } u) vids[u] = Vid.Member | Vid.Pvid | Vid.Untagged;
        return vids;
    }

    private static IEnumerable<(int First, int Last)> Runs(Vid[] vids, Func<int, Vid, bool> isIn)
    {
        var first = -1;
        for (var vid = 0; vid <= Count; vid++)
        {
            var inside = vid < Count && isIn(vid, vids[vid]);
            if (inside && first < 0) first = vid;
            if (inside || first < 0) continue;
            yield return (first, vid - 1);
            first = -1;
        }
    }
}
