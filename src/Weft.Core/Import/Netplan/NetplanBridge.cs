using System.Globalization;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Netplan;

/// <summary>Makes a network of a bridge of netplan.</summary>
internal sealed class NetplanBridge(Device device, NetplanDevices devices, Notes notes)
{
    // What concerns the host's own addresses: with an uplink it belongs to the NIC, whose addresses and routes Weft moves.
    private static readonly string[] Layer3 =
        ["dhcp4", "dhcp6", "dhcp4-overrides", "dhcp6-overrides", "dhcp-identifier", "accept-ra", "ra-overrides", "gateway4", "gateway6", "nameservers", "routes", "routing-policy", "link-local", "ipv6-privacy",
         "ipv6-address-generation", "ipv6-address-token", "ipv6-mtu"];

    // When netplan waits for it, and who configures it: nothing that the bridge itself is.
    private static readonly string[] OfNetplan = ["optional", "optional-addresses", "critical", "renderer", "activation-mode", "ignore-carrier", "networkmanager"];

    private readonly HostBridge _bridge = new(device.Id, device.At, notes);
    private readonly List<(string Key, Location At, SpecNode Value)> _layer3 = [];
    private string _uplinkId = "";

    /// <summary>The draft; with errors in its notes it is not to be used.</summary>
    public Draft Map()
    {
        foreach (var (key, value) in device.Body.Entries.OrderBy(e => e.Key.Text != "interfaces")) Take(key, value);
        foreach (var (key, at, value) in _layer3) Tell(key, at, value);
        return _bridge.Build();
    }

    private void Take(ScalarNode key, SpecNode value)
    {
        switch (key.Text)
        {
            case "interfaces": Interfaces(value); break;
            case "parameters": Parameters(value); break;
            case "mtu": _bridge.Set("MTU", Number(value), value.At); break;
            case "addresses": Addresses(value); break;
            case "macaddress": notes.Lost(key.At, "macaddress: the bridge's own MAC is Weft's choice; with an uplink it is the uplink's", "set it for the NIC"); break;
            case "openvswitch": notes.LeftOut(key.At, "left out: it is a bridge of Open vSwitch, and Weft makes bridges of the kernel", "keep it in netplan"); break;
            case var k when Layer3.Contains(k): _layer3.Add((k, key.At, value)); break;
            case var k when OfNetplan.Contains(k): notes.Say(key.At, $"{k}: for netplan alone"); break;
            default: notes.Unknown(key.At, $"{Quote.Short(key.Text)} is not known here", Nearest.Of(key.Text, [.. Layer3, .. OfNetplan, "interfaces", "parameters", "addresses", "mtu"]) is { } near ? $"did you mean '{near}'?" : null); break;
        }
    }

    private void Interfaces(SpecNode value)
    {
        foreach (var item in Items(value, "interfaces").OfType<ScalarNode>().DistinctBy(i => i.Text))
        {
            if (_uplinkId.Length > 0) notes.Lost(item.At, $"interface {Notes.Q(item.Text)}: a bridge of Weft has one uplink", "a bond of both, or a network of its own");
            else (_bridge.Uplink, _uplinkId) = (devices.Uplink(item.Text, item.At, notes), item.Text);
        }
    }

    private IReadOnlyList<SpecNode> Items(SpecNode value, string what)
    {
        if (value is ListNode list) return list.Items;
        if (value is not (BrokenNode or ScalarNode { IsNull: true })) notes.Bad(value.At, $"{what} is {value.Kind}, not a list");
        return [];
    }

    private void Addresses(SpecNode value)
    {
        foreach (var item in Items(value, "addresses"))
        {
            var text = item is MapNode { Entries: [var only, ..] } ? only.Key.Text : (item as ScalarNode)?.Text ?? "";
            if (item is MapNode) notes.Lost(item.At, $"options of address {Notes.Q(text)}", null);
            if (SpecText.TryPrefix(text, out var prefix)) _bridge.Addresses.Add((prefix, item.At));
            else notes.Bad(item.At, $"{Notes.Q(text)} is no address with its prefix length");
        }
    }

    private void Tell(string key, Location at, SpecNode value)
    {
        if (value is ScalarNode s && Truth(s.Text) == false) return; // dhcp4: false is how it is
        if (_bridge.Uplink is { } u) notes.Changed(at, $"{key} is about the host's own addresses: Weft moves those of {u.Link} to the bridge", $"write it for {u.Link} in netplan");
        else notes.Lost(at, $"{key} is about the host's own addresses on a bridge without uplink", "the host has the gateway address of each subnet");
    }

    // With parameters netplan switches STP on unless told otherwise; without them the kernel's bridge has none.
    private void Parameters(SpecNode value)
    {
        if (value is not MapNode map) { notes.Bad(value.At, $"parameters is {value.Kind}, not a mapping"); return; }
        _bridge.Stp = true;
        foreach (var (key, v) in map.Entries)
        {
            switch (key.Text)
            {
                case "stp": _bridge.Stp = Stp(v); break;
                case "priority": _bridge.Set("priority", Number(v), v.At); break;
                case "forward-delay": _bridge.Set("forward delay", Seconds(v), v.At); break;
                case "hello-time": _bridge.Set("hello time", Seconds(v), v.At); break;
                case "max-age": _bridge.Set("max age", Seconds(v), v.At); break;
                case "ageing-time" or "aging-time": _bridge.Set("ageing time", Seconds(v), v.At); break;
                case "port-priority": OfPorts("port priority", v); break;
                case "path-cost": OfPorts("path cost", v); break;
                default: notes.Unknown(key.At, $"parameters.{Quote.Short(key.Text)} is not known here", null); break;
            }
        }
    }

    private bool Stp(SpecNode value)
    {
        if (value is ScalarNode s && Truth(s.Text) is { } on) return on;
        notes.Bad(value.At, $"stp is {value.Kind}, neither true nor false");
        return false;
    }

    private void OfPorts(string what, SpecNode value)
    {
        if (value is not MapNode ports) { notes.Bad(value.At, $"{what} is {value.Kind}, not a mapping of interfaces"); return; }
        foreach (var (port, v) in ports.Entries)
        {
            if (port.Text == _uplinkId) _bridge.Set(what, Number(v), v.At);
            else notes.Lost(port.At, $"{what} of {Notes.Q(port.Text)}, which is not the uplink", null);
        }
    }

    private static double? Number(SpecNode value) => value is ScalarNode s && double.TryParse(s.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>"15", "15s", "500ms", "2min", "1h", as systemd reads a time.</summary>
    private static double? Seconds(SpecNode value)
    {
        if (value is not ScalarNode s) return null;
        var digits = s.Text.TrimEnd("abcdefghijklmnopqrstuvwxyz ".ToCharArray());
        double? unit = s.Text[digits.Length..].Trim() switch { "" or "s" or "sec" => 1, "ms" => 0.001, "m" or "min" => 60, "h" => 3600, _ => null };
        return unit is { } u && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n * u : null;
    }

    /// <summary>Booleans of YAML 1.1, which netplan reads.</summary>
    private static bool? Truth(string text) => text.ToLowerInvariant() switch { "true" or "yes" or "on" or "y" => true, "false" or "no" or "off" or "n" => false, _ => null };
}
