using Weft.Core.Diagnostics;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads what ports get: bandwidth, VLANs, virtual ports, port groups (networkValidate of libvirt).</summary>
internal static class PortReader
{
    /// <summary>The network's virtual port is one of Open vSwitch.</summary>
    public static bool IsOpenVSwitch(XmlElement network) => network.Child("virtualport")?["type"] == "openvswitch";

    /// <summary>Says what is wrong with them, and what Weft has instead.</summary>
    public static void Read(XmlElement network, Forward forward, Notes notes)
    {
        var ovs = IsOpenVSwitch(network);
        var limits = forward.IsOwnBridge || (forward.Mode == "bridge" && network.Child("bridge") is not null);
        Bandwidth(network, limits, forward, "", notes);
        if (network.Child("virtualport") is { } v && v.Required("type", notes) is { } type && !(ovs && forward.Mode == "bridge"))
            notes.Lost(v.SeeAll().At, $"<virtualport type={Notes.Q(type)}>: Weft has no such ports", null);
        network.Child("virtualport")?.SeeAll();
        var tags = Vlan(network, "", notes);
        var allowed = forward.Mode is "hostdev" or "passthrough" || (forward.Mode == "bridge" && ovs);
        if (tags && !allowed) notes.Conflict(network.Child("vlan")!.At, $"<vlan> does not go with forward mode {forward.Mode}", "libvirt tags frames with Open vSwitch, hostdev and passthrough only");
        Groups(network, limits, allowed, forward, notes);
    }

    private static void Groups(XmlElement network, bool limits, bool tagsAllowed, Forward forward, Notes notes)
    {
        var (names, standard) = (new HashSet<string>(), 0);
        foreach (var g in network.All("portgroup"))
        {
            var name = g.Required("name", notes) ?? "";
            if (!names.Add(name)) notes.Conflict(g.At, $"a second <portgroup name={Notes.Q(name)}>");
            if (g["default"] == "yes" && ++standard == 2) notes.Conflict(g.Place("default"), "a second default <portgroup>", "there can be one");
            g.YesNo("trustGuestRxFilters", notes);
            Bandwidth(g, limits, forward, $" in <portgroup {Notes.Q(name)}>", notes);
            var own = g.Child("virtualport")?["type"];
            if (Vlan(g, $" in <portgroup {Notes.Q(name)}>", notes) && !(own is null ? tagsAllowed : own == "openvswitch" && forward.Mode == "bridge"))
                notes.Conflict(g.Child("vlan")!.At, $"<vlan> in <portgroup {Notes.Q(name)}> does not go with forward mode {forward.Mode}");
            notes.Lost(g.SeeAll().At, $"<portgroup name={Notes.Q(name)}>: Weft has no groups of ports", "vlan, trunk and isolated belong to each machine's port");
        }
    }

    private static void Bandwidth(XmlElement parent, bool allowed, Forward forward, string where, Notes notes)
    {
        if (parent.Child("bandwidth") is not { } e) return;
        if (!allowed) notes.Conflict(e.At, $"<bandwidth>{where} does not go with forward mode {forward.Mode}");
        if (e.All("inbound").Count > 1 || e.All("outbound").Count > 1) notes.Conflict(e.At, $"<bandwidth>{where} has two of a direction");
        foreach (var d in e.All("inbound").Concat(e.All("outbound")))
        {
            foreach (var key in (string[])["average", "peak", "burst", "floor"]) d.Number(key, long.MaxValue, notes);
            if (d["average"] is null && d["floor"] is null) notes.Missing(d.At, $"<{d.Name}>{where} needs average or floor");
        }
        notes.Lost(e.SeeAll().At, $"<bandwidth>{where}: Weft limits no rates", "tc on the bridge or the taps, or QEMU's own limits");
    }

    /// <summary>Whether there are tags.</summary>
    private static bool Vlan(XmlElement parent, string where, Notes notes)
    {
        if (parent.Child("vlan") is not { } e) return false;
        var tags = e.All("tag");
        if (tags.Count == 0) notes.Missing(e.At, $"<vlan>{where} has no <tag>");
        foreach (var t in tags) if (t.Required("id", notes) is not null) t.Number("id", 4095, notes);
        if (e["trunk"] is { } trunk && trunk is not ("yes" or "no")) notes.Bad(e.Place("trunk"), $"<vlan trunk>{where}: {Notes.Q(trunk)} is neither yes nor no");
        if (tags.Count > 1 && e["trunk"] == "no") notes.Conflict(e.At, $"<vlan trunk='no'>{where} has several tags");
        e.SeeAll();
        if (parent.Name == "network") notes.Lost(e.At, "<vlan>: Weft tags frames by the port", "vlan: true on the network, and vlan or trunk on each machine's port");
        return tags.Count > 0;
    }
}
