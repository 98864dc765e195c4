using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Core.Import.Libvirt;

/// <summary>The elements about the bridge itself.</summary>
/// <param name="Name">Its link name; null where libvirt chooses.</param>
/// <param name="Stp">Spanning tree; null is off.</param>
/// <param name="Mtu">MTU, or null.</param>
internal sealed record BridgeFacts(string? Name, StpSpec? Stp, int? Mtu);

/// <summary>Reads bridge, mac and mtu, and says which of them do not go with the forward mode (virNetworkDefParseXML, networkValidate of libvirt).</summary>
internal static class BridgeReader
{
    // What the kernel takes (net/bridge/br_private_stp.h), in seconds.
    private const int ShortestDelay = 2;
    private const int LongestDelay = 30;

    /// <summary>What can be read.</summary>
    public static BridgeFacts Read(XmlElement network, Forward forward, Notes notes, bool keepsBridge)
    {
        var mtu = Mtu(network, forward, notes);
        if (keepsBridge) network.Child("mac")?.SeeAll();
        else Mac(network, forward, notes);
        if (network.Child("bridge") is not { } e) return new BridgeFacts(null, forward.IsOwnBridge ? new StpSpec(true) : null, mtu);
        var (name, stp) = (e.Link("name", notes), Stp(e, forward, notes));
        Modes(e, forward, notes);
        Table(e, notes);
        if (e["zone"] is { } zone) notes.Lost(e.Place("zone"), $"<bridge zone={Notes.Q(zone)}>: Weft tells firewalld nothing", $"firewall-cmd --permanent --zone={zone} --add-interface=BRIDGE, then --reload");
        return new BridgeFacts(name, stp, mtu);
    }

    private static StpSpec? Stp(XmlElement e, Forward forward, Notes notes)
    {
        var (on, delay) = (e["stp"], e.Number("delay", uint.MaxValue, notes));
        if (on is not (null or "on" or "off")) notes.Bad(e.Place("stp"), $"<bridge stp>: {Notes.Q(on)} is neither on nor off");
        if (!forward.IsOwnBridge || on == "off") return null;
        if (delay is null or 0) return new StpSpec(true); // ports of machines forward at once in Weft anyway
        var fits = (int)Math.Clamp(delay.Value, ShortestDelay, LongestDelay);
        if (fits != delay) notes.Changed(e.Place("delay"), $"<bridge delay='{delay}'>: the kernel takes {ShortestDelay} to {LongestDelay} seconds with STP; it is {fits} now", null);
        return new StpSpec(true, ForwardDelay: fits);
    }

    private static void Modes(XmlElement e, Forward forward, Notes notes)
    {
        if (forward.IsOwnBridge) return;
        foreach (var key in (string[])["stp", "delay", "zone"])
            if (e[key] is { } text && !(key == "delay" && text == "0")) notes.Conflict(e.Place(key), $"<bridge {key}> does not go with forward mode {forward.Mode}", "libvirt configures bridges that it makes itself");
        if (forward.Mode == "bridge")
        {
            if (e["name"] is not null && (forward.Devices.Count > 0 || forward.Pf is not null)) notes.Conflict(e.Place("name"), "forward mode bridge has a bridge's name and a device", "give one of them");
            return;
        }
        foreach (var key in (string[])["name", "macTableManager"])
            if (e[key] is not null) notes.Conflict(e.Place(key), $"<bridge {key}> does not go with forward mode {forward.Mode}");
    }

    private static void Table(XmlElement e, Notes notes)
    {
        if (e["macTableManager"] is not { } manager || manager == "kernel") return;
        if (manager == "libvirt") notes.Lost(e.Place("macTableManager"), "<bridge macTableManager='libvirt'>: Weft lets the bridge learn", "anti_spoof holds each port to its own MAC; fdb has static entries");
        else notes.Bad(e.Place("macTableManager"), $"<bridge macTableManager>: {Notes.Q(manager)} is neither kernel nor libvirt");
    }

    private static void Mac(XmlElement network, Forward forward, Notes notes)
    {
        if (network.Child("mac") is not { } e || e["address"] is not { } text) return;
        if (!SourceText.TryMac(text, out var mac)) notes.Bad(e.Place("address"), $"<mac>: {Notes.Q(text)} is no MAC address");
        else if (mac.IsMulticast) notes.Bad(e.Place("address"), $"<mac>: {mac} is a group address");
        else if (!forward.IsOwnBridge) notes.Conflict(e.At, $"<mac> does not go with forward mode {forward.Mode}");
        else notes.Lost(e.At, $"<mac address='{mac}'>: the bridge's own MAC is Weft's choice", "nothing, unless a machine has its gateway's MAC written down");
    }

    private static int? Mtu(XmlElement network, Forward forward, Notes notes)
    {
        if (network.Child("mtu") is not { } e || e.Number("size", uint.MaxValue, notes) is not (> 0 and var size)) return null;
        if (!forward.IsOwnBridge) notes.Conflict(e.At, $"<mtu> does not go with forward mode {forward.Mode}");
        if (size is >= 68 and <= 65535) return (int)size;
        notes.Lost(e.Place("size"), $"<mtu size='{size}'>: no bridge takes it", "68 to 65535");
        return null;
    }
}
