using Weft.Core.Resources;
using Weft.Linux.Netlink;

namespace Weft.Engine.Host.Uplink;

/// <summary>VLANs of a bridge port (struct bridge_vlan_info of linux/if_bridge.h).</summary>
internal static class PortVlanMessages
{
    private const byte AF_BRIDGE = 7;
    private const ushort BRIDGE_VLAN_INFO = 2, PVID = 2, UNTAGGED = 4, RANGE_BEGIN = 8, RANGE_END = 16;

    /// <summary>Takes away what the port has and should not, and gives it what it should have.</summary>
    internal static void Add(Batch batch, RouteTalk talk, LinkState port, PortVlans want)
    {
        if (!want.Tagged.Any(t => t.First <= 1 && t.Last >= 1) && want.Untagged != 1) batch.Vlans(port, true, w => Info(w, 0, 1));
        batch.Vlans(port, false, w =>
        {
            if (want.Untagged is { } u) Info(w, PVID | UNTAGGED, u);
            foreach (var t in want.Tagged)
            {
                if (t.First == t.Last) Info(w, 0, t.First);
                else
                {
                    Info(w, RANGE_BEGIN, t.First);
                    Info(w, RANGE_END, t.Last);
                }
            }
        });
    }

    private static void Info(NetlinkWriter w, ushort flags, int vid) => w.PutU32(BRIDGE_VLAN_INFO, flags | ((uint)vid << 16));

    private static void Vlans(this Batch batch, LinkState port, bool delete, Action<NetlinkWriter> infos) =>
        batch.Message((ushort)(delete ? Rtm.NEWLINK + 1 : Rtm.SETLINK), new IfInfoMsg { Family = AF_BRIDGE, Index = port.Index },
            $"{(delete ? "remove" : "set")} the VLANs of bridge port {port.Name}", w =>
            {
                var spec = w.BeginNest(Ifla.AF_SPEC);
                infos(w);
                w.EndNest(spec);
            });
}
