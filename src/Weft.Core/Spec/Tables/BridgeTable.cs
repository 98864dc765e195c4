using System.Collections.Immutable;
using Weft.Core.Model;
using Weft.Core.Spec.Shapes;

namespace Weft.Core.Spec.Tables;

/// <summary>Keys about the bridge: spanning tree, options, VLANs, FDB.</summary>
internal static class BridgeTable
{
    // Ranges of times and priorities: net/bridge/br_stp.c and br_private_stp.h (BR_MIN_HELLO_TIME and so on).
    private static readonly Key<bool> StpEnabled = new("enabled", Texts.Bool, "Whether it runs.") { Default = "true" };
    private static readonly Key<int> StpPriority = new("priority", new IntShape(0, 65535), "The bridge's priority; the lowest becomes root. 802.1t wants multiples of 4096.") { Default = "32768" };
    private static readonly Key<int> ForwardDelay = new("forward_delay", new SpanShape(Texts.Duration, 2, 30), "Time in each of listening and learning.") { Default = "15s" };
    private static readonly Key<int> Hello = new("hello", new SpanShape(Texts.Duration, 1, 10), "Time between BPDUs of the root.") { Default = "2s" };
    private static readonly Key<int> MaxAge = new("max_age", new SpanShape(Texts.Duration, 6, 40), "Time after which a silent root is given up.") { Default = "20s" };

    private static readonly RecordShape<StpSpec> StpRecord = new("stp", "Spanning tree (802.1D) of the bridge.", [StpEnabled, StpPriority, ForwardDelay, Hello, MaxAge],
        f => new StpSpec(f.Or(StpEnabled, true), f.Maybe(StpPriority), f.Maybe(ForwardDelay), f.Maybe(Hello), f.Maybe(MaxAge)));

    private static readonly Key<int> Ageing = new("ageing", new SpanShape(Texts.Duration, 0, 1_000_000), "How long a silent MAC stays in the FDB.") { Default = "300s" };
    private static readonly Key<bool> Snooping = new("multicast_snooping", Texts.Bool, "Send multicast only to ports that asked for it; needs a querier, or IPv6 breaks after minutes.") { Default = "false" };
    private static readonly Key<bool> Querier = new("multicast_querier", Texts.Bool, "Let the bridge be the querier.") { Default = "false" };

    private static readonly Key<int> Native = new("native", Texts.VlanId, "VLAN of untagged frames on the uplink.") { Default = "1" };
    private static readonly Key<ImmutableArray<VlanRange>> UplinkTrunk = new("trunk", new ListShape<VlanRange>(Texts.Vlans), "VLANs that cross the uplink tagged.") { Default = "none" };

    private static readonly RecordShape<VlanSpec> VlanRecord = new("vlan", "VLAN filtering of the bridge.", [Native, UplinkTrunk],
        f => new VlanSpec(f.Or(Native, 1), f.Or(UplinkTrunk, [])));

    private static readonly Key<MacAddress> FdbMac = new("mac", Texts.Mac, "The address.") { Required = true };
    private static readonly Key<string> FdbPort = new("port", Texts.Link, "Where it is: a machine, a link, or the word uplink.") { Required = true };
    private static readonly Key<int> FdbVlan = new("vlan", Texts.VlanId, "Its VLAN.");

    /// <summary>stp: true, or the times.</summary>
    public static readonly Shape<StpSpec> Stp = new EitherShape<StpSpec>(Texts.Bool.Select((on, _) => new StpSpec(on)), StpRecord);

    /// <summary>options.</summary>
    public static readonly Shape<BridgeOptionsSpec> Options = new RecordShape<BridgeOptionsSpec>("options", "Options of the bridge.", [Ageing, Snooping, Querier],
        f => new BridgeOptionsSpec(f.Maybe(Ageing), f.Or(Snooping, false), f.Or(Querier, false)));

    /// <summary>vlan: true, or native and trunk.</summary>
    public static readonly Shape<VlanSpec?> Vlan = new EitherShape<VlanSpec?>(
        Texts.Bool.Select((on, _) => on ? new VlanSpec(1, []) : null), VlanRecord.Select((v, _) => (VlanSpec?)v));

    /// <summary>An item of fdb.</summary>
    public static readonly Shape<FdbSpec> Fdb = new RecordShape<FdbSpec>("fdb", "A static FDB entry.", [FdbMac, FdbPort, FdbVlan],
        f => f.TryGet(FdbMac, out var mac) & f.TryGet(FdbPort, out var port) ? new FdbSpec(mac, port!, f.Maybe(FdbVlan)) : null);
}
