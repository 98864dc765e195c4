using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Netplan;

/// <summary>A device of a file.</summary>
/// <param name="Id">Its name in the file.</param>
/// <param name="Section">ethernets, bonds, vlans and so on.</param>
/// <param name="Body">Its keys; empty where there are none.</param>
/// <param name="At">Where it stands.</param>
internal sealed record Device(string Id, string Section, MapNode Body, Location At)
{
    /// <summary>A text of its keys, or null.</summary>
    public string? Text(string key) => (Body.Find(key) as ScalarNode)?.Text;
}

/// <summary>The devices of a file by name, and what link each is on the host.</summary>
internal sealed class NetplanDevices
{
    private static readonly string[] Sections = ["ethernets", "bonds", "vlans", "bridges", "wifis", "modems", "tunnels", "vrfs", "dummy-devices", "virtual-ethernets", "nm-devices"];
    private readonly Dictionary<string, Device> _all = [];

    /// <summary>Reads all sections of the mapping network.</summary>
    public NetplanDevices(MapNode network, Notes files)
    {
        foreach (var (key, value) in network.Entries)
        {
            if (Sections.Contains(key.Text)) Section(key, value, files);
            else if (key.Text == "version") Version(value, files);
            else if (key.Text == "renderer") files.Say(key.At, $"renderer {Notes.Q((value as ScalarNode)?.Text ?? "")}: it goes on to configure the NICs");
            else files.Unknown(key.At, $"network.{Quote.Short(key.Text)} is not known here", Nearest.Of(key.Text, Sections) is { } near ? $"did you mean '{near}'?" : null);
        }
    }

    /// <summary>In the order of the files.</summary>
    public IEnumerable<Device> All => _all.Values;

    /// <summary>The device of that name, or null.</summary>
    public Device? Find(string id) => _all.GetValueOrDefault(id);

    private static void Version(SpecNode value, Notes files)
    {
        if (value is not ScalarNode { Text: "2" }) files.Bad(value.At, $"version is {value.Kind}, and netplan knows 2");
    }

    private void Section(ScalarNode key, SpecNode value, Notes files)
    {
        if (value is not MapNode devices)
        {
            if (value is not (ScalarNode { Text: "renderer" } or ScalarNode { IsNull: true } or BrokenNode)) files.Bad(value.At, $"{key.Text} is {value.Kind}, not a mapping of devices");
            return;
        }
        foreach (var (id, body) in devices.Entries.Where(e => e.Key.Text != "renderer")) Add(key.Text, id, body, files);
    }

    private void Add(string section, ScalarNode id, SpecNode body, Notes files)
    {
        if (body is not (MapNode or ScalarNode { IsNull: true })) files.Bad(body.At, $"{section}.{Quote.Short(id.Text)} is {body.Kind}, not a mapping");
        else if (!_all.TryAdd(id.Text, new Device(id.Text, section, body as MapNode ?? new MapNode(body.At, []), id.At))) files.Conflict(id.At, $"{Notes.Q(id.Text)} is in {section} and in {_all[id.Text].Section}", "netplan wants each name once");
    }

    /// <summary>The link's name on the host; null where only netplan knows it: it matches by MAC, driver or pattern.</summary>
    public static string? Link(Device d)
    {
        if (d.Text("set-name") is { } given) return given;
        if (d.Body.Find("match") is not MapNode match) return d.Id;
        return (match.Find("name") as ScalarNode)?.Text is { } name && name.AsSpan().IndexOfAny('*', '?', '[') < 0 ? name : null;
    }

    /// <summary>The port to the outside that a member of a bridge is; null when it cannot be one (reported).</summary>
    public UplinkSpec? Uplink(string id, Location at, Notes notes)
    {
        if (Find(id) is not { } device)
        {
            notes.Bad(at, $"interface {Notes.Q(id)} is not defined", Nearest.Hint(id, _all.Keys));
            return null;
        }
        if (device.Section == "vlans") return Vlan(device, at, notes);
        if (device.Section is not ("ethernets" or "bonds"))
        {
            notes.LeftOut(at, $"left out: {Notes.Q(id)} of {device.Section} cannot be an uplink", "an uplink is a NIC, a bond, or a VLAN of one");
            return null;
        }
        if (device.Section == "bonds") notes.Say(at, $"bond {id} stays netplan's");
        return Named(device, at, notes) is { } link ? new UplinkSpec(link) { At = at } : null;
    }

    private UplinkSpec? Vlan(Device vlan, Location at, Notes notes)
    {
        var (tag, parent) = (vlan.Text("id"), vlan.Text("link") is { } l ? Find(l) : null);
        if (tag is null || !SpecText.TryVlanRange(tag, out var range) || range.First != range.Last) { notes.Bad(vlan.At, $"vlan {Notes.Q(vlan.Id)} has no id of 1 to 4094"); return null; }
        if (parent is null) { notes.Bad(vlan.At, $"vlan {Notes.Q(vlan.Id)}: its link is not defined"); return null; }
        if (Named(parent, at, notes) is not { } link) return null;
        if (vlan.Id == $"{link}.{range.First}" && vlan.Id.Length <= 15)
        {
            notes.Say(vlan.At, $"Weft makes the link {vlan.Id}", "take it out of netplan's vlans");
            return new UplinkSpec(link, range.First) { At = at };
        }
        notes.Say(vlan.At, $"VLAN link {vlan.Id} stays netplan's", $"or write uplink: {{ link: {link}, vlan: {range.First} }}, and Weft makes {link}.{range.First}");
        return Usable(vlan.Id, at, notes) is { } own ? new UplinkSpec(own) { At = at } : null;
    }

    private static string? Named(Device d, Location at, Notes notes)
    {
        if (Link(d) is { } link) return Usable(link, at, notes);
        notes.LeftOut(at, $"left out: which link {Notes.Q(d.Id)} is, netplan finds out by its match", "ip link shows it: give it set-name, or write the uplink by hand");
        return null;
    }

    private static string? Usable(string link, Location at, Notes notes)
    {
        if (SpecText.IsLinkName(link) && link != "auto") return link;
        notes.Bad(at, $"{Notes.Q(link)} is no name of a link");
        return null;
    }
}
