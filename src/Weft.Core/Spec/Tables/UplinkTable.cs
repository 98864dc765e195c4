using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec.Tables;

/// <summary>The key uplink.</summary>
internal static class UplinkTable
{
    /// <summary>Follows the default route (NAT).</summary>
    public const string Auto = "auto";

    private const int LinkNameBytes = 15;

    private static readonly Key<string> Link = new("link", Texts.Link, "The NIC or bond.") { Required = true };
    private static readonly Key<int> Vlan = new("vlan", Texts.VlanId, "A VLAN of it; Weft makes the link LINK.ID.");
    private static readonly Key<int> Cost = new("cost", new IntShape(1, 65535), "STP path cost.") { Default = "by the link's speed", Mode = "bridge" };
    private static readonly Key<int> Priority = new("priority", new IntShape(0, 63), "STP port priority.") { Default = "32", Mode = "bridge" };
    private static readonly Key<bool> Move = new("move_addresses", Texts.Bool, "Whether its addresses and routes move to the bridge.") { Default = "true", Mode = "bridge" };

    private static readonly RecordShape<UplinkSpec> Record = new("uplink", "An uplink with its options.", [Link, Vlan, Cost, Priority, Move], Build);

    /// <summary>uplink: eth1, or a mapping.</summary>
    public static readonly Shape<UplinkSpec> Shape = new EitherShape<UplinkSpec>(Texts.Link.Select((t, n) => new UplinkSpec(t) { At = n.At }), Record);

    private static UplinkSpec? Build(Fields f)
    {
        var vlan = f.Maybe(Vlan);
        var rest = (Cost: f.Maybe(Cost), Priority: f.Maybe(Priority), Move: f.Or(Move, true));
        if (!f.TryGet(Link, out var link) || !Fits(link, vlan, f)) return null;
        return new UplinkSpec(link, vlan) { At = f.At, Cost = rest.Cost, Priority = rest.Priority, MoveAddresses = rest.Move };
    }

    private static bool Fits(string link, int? vlan, Fields f)
    {
        if (vlan is null || $"{link}.{vlan}".Length <= LinkNameBytes) return true;
        f.Context.Error(SpecCodes.BadLink, f.PlaceOfValue(Link), $"{f.Context.Path}: the VLAN's link would be {link}.{vlan}, longer than {LinkNameBytes} bytes",
            "make the VLAN link yourself under a shorter name and give that as uplink");
        return false;
    }

    /// <summary>The NAT mode's uplink is a name alone: null follows the default route.</summary>
    public static string? ForNat(UplinkSpec? uplink, ReadContext c)
    {
        if (uplink is null || uplink is { Link: Auto, Vlan: null }) return null;
        if (uplink.Cost is not null || uplink.Priority is not null || !uplink.MoveAddresses)
            c.Warn(SpecCodes.OtherMode, uplink.At, $"{c.Path}.uplink: cost, priority and move_addresses have no effect in mode nat");
        return uplink.Vlan is { } id ? $"{uplink.Link}.{id}" : uplink.Link;
    }
}
