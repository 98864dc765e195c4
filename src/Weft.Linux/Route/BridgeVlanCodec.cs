using System.Runtime.InteropServices;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>IFLA_AF_SPEC of RTM_NEWLINK of AF_BRIDGE: VLANs of ports (linux/if_bridge.h).</summary>
internal static class BridgeVlanCodec
{
    private const ushort IFLA_BRIDGE_FLAGS = 0, IFLA_BRIDGE_VLAN_INFO = 2, BRIDGE_FLAGS_SELF = 2;
    private const ushort PVID = 2, UNTAGGED = 4, RANGE_BEGIN = 8, RANGE_END = 16;

    private const ushort BRIDGE_VLANDB_ENTRY = 1, ENTRY_INFO = 1, ENTRY_RANGE = 2;

    [StructLayout(LayoutKind.Sequential)]
    private struct BridgeVlanInfo
    {
        internal ushort Flags, Vid;
    }

    internal static ValueList<BridgeVlan> Read(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<IfInfoMsg>(message, out var attributes);
        var vlans = new List<BridgeVlan>();
        if (header.Family != Rtm.AF_BRIDGE) return [];
        ushort begin = 0;
        foreach (var a in attributes.Find(Ifla.AF_SPEC).Nested)
        {
            if (a.Type != IFLA_BRIDGE_VLAN_INFO) continue;
            var info = a.Host<BridgeVlanInfo>();
            if ((info.Flags & RANGE_BEGIN) != 0)
            {
                begin = info.Vid;
                continue;
            }
            var first = (info.Flags & RANGE_END) != 0 ? begin : info.Vid;
            vlans.Add(new BridgeVlan(header.Index, first, info.Vid, (info.Flags & PVID) != 0, (info.Flags & UNTAGGED) != 0));
        }
        return new ValueList<BridgeVlan>([.. vlans]);
    }

    /// <summary>RTM_NEWVLAN: the VLANs of one port or bridge.</summary>
    internal static ValueList<BridgeVlan> ReadDatabase(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<BrVlanMsg>(message, out var attributes);
        var vlans = new List<BridgeVlan>();
        foreach (var entry in attributes)
        {
            if (entry.Type != BRIDGE_VLANDB_ENTRY || entry.Nested.Find(ENTRY_INFO) is not { Payload.Length: >= 4 } found) continue;
            var (info, end) = (found.Host<BridgeVlanInfo>(), entry.Nested.Find(ENTRY_RANGE).U16);
            vlans.Add(new BridgeVlan(header.Index, info.Vid, end == 0 ? info.Vid : end, (info.Flags & PVID) != 0, (info.Flags & UNTAGGED) != 0));
        }
        return new ValueList<BridgeVlan>([.. vlans]);
    }

    internal static void Write(NetlinkWriter w, BridgeVlan v, bool self)
    {
        w.Struct(new IfInfoMsg { Family = Rtm.AF_BRIDGE, Index = v.LinkIndex });
        var spec = w.BeginNest(Ifla.AF_SPEC);
        if (self) w.PutU16(IFLA_BRIDGE_FLAGS, BRIDGE_FLAGS_SELF);
        var flags = (ushort)((v.Pvid ? PVID : 0) | (v.Untagged ? UNTAGGED : 0));
        if (v.LastVid > v.Vid)
        {
            Put(w, flags | RANGE_BEGIN, v.Vid);
            Put(w, flags | RANGE_END, v.LastVid);
        }
        else
        {
            Put(w, flags, v.Vid);
        }
        w.EndNest(spec);
    }

    private static void Put(NetlinkWriter w, int flags, ushort vid) =>
        w.PutHost(IFLA_BRIDGE_VLAN_INFO, new BridgeVlanInfo { Flags = (ushort)flags, Vid = vid });
}
