using System.Globalization;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Core.Import.Ifupdown;

/// <summary>The interfaces of a file by name.</summary>
internal sealed class Interfaces(IReadOnlyList<Stanza> stanzas)
{
    /// <summary>Stanzas of each interface, in the order of the file.</summary>
    public IReadOnlyList<List<Stanza>> All { get; } = [.. stanzas.GroupBy(s => s.Name).Select(g => g.ToList())];

    /// <summary>A bridge of the kernel, or of Open vSwitch.</summary>
    public static bool IsBridge(List<Stanza> i) => IsOpenVSwitch(i) || Option(i, "bridge-ports") is not null || Option(i, "bridge-vlan-aware") is not null;

    /// <summary>The file makes a bridge of that name.</summary>
    public bool IsBridgeName(string name) => _byName.Value.TryGetValue(name, out var i) && IsBridge(i);

    /// <summary>A bridge of Open vSwitch.</summary>
    public static bool IsOpenVSwitch(List<Stanza> i) => Option(i, "ovs-type")?.Value == "OVSBridge";

    /// <summary>The first line of that key, or null.</summary>
    public static InterfaceOption? Option(List<Stanza> i, string key) => i.Select(s => s.Find(key)).FirstOrDefault(o => o is not null);

    /// <summary>The port to the outside that a port of a bridge is; null when it cannot be one (reported).</summary>
    public UplinkSpec? Uplink(string port, Location at, Notes notes)
    {
        var own = _byName.Value.GetValueOrDefault(port) ?? [];
        if (own.Count > 0 && (IsBridge(own) || Option(own, "vxlan-id") is not null)) { notes.LeftOut(at, $"left out: {Notes.Q(port)} cannot be an uplink", "an uplink is a NIC, a bond, or a VLAN of one"); return null; }
        if (!SpecText.IsLinkName(port) || port == "auto") { notes.Bad(at, $"{Notes.Q(port)} is no name of a link"); return null; }
        if (Option(own, "bond-slaves") is not null || Option(own, "slaves") is not null) notes.Say(at, $"bond {port} stays the host's own");
        if (VlanOf(port, own) is not { } vlan) return new UplinkSpec(port) { At = at };
        if (port == $"{vlan.Link}.{vlan.Id}")
        {
            notes.Say(at, $"Weft makes the link {port}", "take its stanza out of the file");
            return new UplinkSpec(vlan.Link, vlan.Id) { At = at };
        }
        notes.Say(at, $"VLAN link {port} stays the host's own", $"or write uplink: {{ link: {vlan.Link}, vlan: {vlan.Id} }}, and Weft makes {vlan.Link}.{vlan.Id}");
        return new UplinkSpec(port) { At = at };
    }

    private readonly Lazy<Dictionary<string, List<Stanza>>> _byName = new(() => stanzas.GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.ToList()));

    /// <summary>"eth0.10" is VLAN 10 of eth0; "vlan10" one of its vlan-raw-device (interfaces(5), vlan-interfaces(5)).</summary>
    private static (string Link, int Id)? VlanOf(string port, List<Stanza> own)
    {
        var dot = port.LastIndexOf('.');
        var (raw, given) = (Option(own, "vlan-raw-device")?.Value, Option(own, "vlan-id")?.Value);
        var digits = given ?? (dot > 0 ? port[(dot + 1)..] : port.StartsWith("vlan", StringComparison.Ordinal) ? port[4..] : "");
        var link = raw ?? (dot > 0 ? port[..dot] : null);
        if (link is null || !SpecText.IsLinkName(link) || link == "auto") return null;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is >= 1 and <= 4094 && (given is null || digits == $"{id}") ? (link, id) : null;
    }
}
