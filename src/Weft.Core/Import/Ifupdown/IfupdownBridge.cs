using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Ifupdown;

/// <summary>Makes a network of a bridge of /etc/network/interfaces (bridge-utils-interfaces(5), and ifupdown2's addon bridge).</summary>
internal sealed partial class IfupdownBridge(List<Stanza> stanzas, Interfaces interfaces, bool proxmox, Notes notes)
{
    private static readonly string[] OfTheHost = ["gateway", "metric", "dns-nameservers", "dns-nameserver", "dns-search", "dns-domain", "pointopoint", "accept-ra", "autoconf", "privext", "scope", "dad-attempts", "request-prefix", "hostname", "client", "vendor"];
    private static readonly string[] OfTheTool = ["broadcast", "network", "bridge-waitport", "bridge-maxwait", "bridge-gcint", "bridge-allow-untagged", "bridge-vlan-protocol", "bridge-disabled", "preferred-lifetime", "alias"];
    private static readonly string[] Scripts = ["up", "post-up", "pre-up", "down", "post-down", "pre-down"];

    private readonly HostBridge _bridge = new(stanzas[0].Name, stanzas[0].At, notes);
    private string _port = "";

    /// <summary>The draft; with errors in its notes it is not to be used.</summary>
    public Draft Map()
    {
        var all = stanzas.SelectMany(s => s.Options).ToList();
        _bridge.Stp = all.Find(o => o.Key == "bridge-stp") is { } stp && Truth(stp) == true;
        foreach (var o in all.Where(o => o.Key == "bridge-ports")) Ports(o);
        foreach (var s in stanzas) Addresses(s);
        foreach (var o in all) Take(o);
        Vlans(all);
        if (proxmox) foreach (var (text, at) in stanzas.SelectMany(s => s.Comments).Where(c => c.Text.Length > 0)) notes.Say(at, $"comment: {Quote.Line(text)}");
        if (_bridge.Nat is null || _bridge.Addresses.Count > 0) return _bridge.Build();
        notes.Lost(stanzas[0].At, "it is translated, but has no address", "write mode: nat with subnets");
        _bridge.Nat = null;
        return _bridge.Build();
    }

    private void Ports(InterfaceOption o)
    {
        if (o.Value.Split(' ')[0] is "all" or "regex" or "glob")
        {
            notes.LeftOut(o.At, $"left out: which ports {Notes.Q(o.Value)} are, ifupdown finds out", "name the NIC as uplink by hand");
            return;
        }
        foreach (var port in o.Value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(p => p is not ("none" or "noregex")).Distinct())
        {
            if (_port.Length > 0) notes.Lost(o.At, $"port {Notes.Q(port)}: a bridge of Weft has one uplink", "a bond of both, or a network of its own");
            else (_bridge.Uplink, _port) = (interfaces.Uplink(port, o.At, notes), port);
        }
    }

    private void Addresses(Stanza s)
    {
        if (s.Method is "dhcp" or "auto" or "ppp" or "bootp" or "tunnel" or "v4tunnel" or "wvdial") OfHost(s.Method, s.At);
        var masks = s.Options.FindAll(o => o.Key == "netmask");
        foreach (var o in s.Options.FindAll(o => o.Key == "address"))
        {
            if (Address(o.Value, masks.FirstOrDefault()?.Value) is { } a) _bridge.Addresses.Add((a, o.At));
            else notes.Bad(o.At, $"{Notes.Q(o.Value)}{(masks.Count > 0 ? $" with netmask {Notes.Q(masks[0].Value)}" : "")} is no address");
        }
    }

    private static IpPrefix? Address(string text, string? mask)
    {
        if (SpecText.TryPrefix(text, out var prefix)) return prefix;
        if (!IpPrefix.TryParseAddress(text, out var address)) return null;
        var bits = address.IsV4() ? 32 : 128;
        if (mask is null) return new IpPrefix(address, bits);
        if (int.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out var n)) return n <= bits ? new IpPrefix(address, n) : null;
        return address.IsV4() && IpPrefix.TryParseAddress(mask, out var m) && m.IsV4() && SourceText.MaskLength(m) is { } ones ? new IpPrefix(address, ones) : null;
    }

    private void OfHost(string what, Location at)
    {
        if (_bridge.Uplink is { } u) notes.Changed(at, $"{what} is about the host's own addresses: Weft moves those of {u.Link} to the bridge", $"write it for {u.Link}");
        else notes.Lost(at, $"{what} is about the host's own addresses on a bridge without uplink", "the host has the gateway address of each subnet");
    }

    private void Take(InterfaceOption o)
    {
        switch (o.Key)
        {
            case "address" or "netmask" or "bridge-ports" or "bridge-stp" or "bridge-vlan-aware" or "bridge-vids" or "bridge-pvid" or "ovs-type": break;
            case "mtu": _bridge.Set("MTU", Number(o.Value), o.At); break;
            case "bridge-fd": if (_bridge.Stp || Number(o.Value) != 0) _bridge.Set("forward delay", Number(o.Value), o.At); break;
            case "bridge-hello": _bridge.Set("hello time", Number(o.Value), o.At); break;
            case "bridge-maxage": _bridge.Set("max age", Number(o.Value), o.At); break;
            case "bridge-ageing": _bridge.Set("ageing time", Number(o.Value), o.At); break;
            case "bridge-bridgeprio": _bridge.Set("priority", Number(o.Value), o.At); break;
            case "bridge-portprio" or "bridge-portprios": OfPort("port priority", o); break;
            case "bridge-pathcost" or "bridge-pathcosts": OfPort("path cost", o); break;
            case "bridge-mcsnoop" or "bridge-mcsnooping": _bridge.Multicast = _bridge.Multicast with { Snooping = Truth(o) == true }; break;
            case "bridge-mcquerier": _bridge.Multicast = _bridge.Multicast with { Querier = Truth(o) == true }; break;
            case "hwaddress" or "bridge-hw": notes.Lost(o.At, $"{o.Key}: the bridge's own MAC is Weft's choice; with an uplink it is the uplink's", "set it for the NIC"); break;
            case var k when Scripts.Contains(k): Script(o); break;
            case var k when OfTheHost.Contains(k): OfHost(k, o.At); break;
            case var k when OfTheTool.Contains(k): notes.Say(o.At, $"{k} {Quote.Short(o.Value)}: for ifupdown alone"); break;
            case var k when k.StartsWith("ovs-", StringComparison.Ordinal): break; // the whole bridge is left out
            default: notes.Unknown(o.At, $"{Quote.Short(o.Key)} {Quote.Short(o.Value)}: no counterpart is known", null); break;
        }
    }

    private void OfPort(string what, InterfaceOption o)
    {
        var words = o.Value.Split((char[])[' ', '\t', '='], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 2 && words[0] == _port && _bridge.Uplink is not null) _bridge.Set(what, Number(words[1]), o.At);
        else notes.Lost(o.At, $"{what} {Notes.Q(o.Value)}, which is not the uplink's alone", null);
    }

    /// <summary>VLAN awareness: the VLANs of the bridge cross the uplink, the machines' ports name theirs.</summary>
    private void Vlans(List<InterfaceOption> all)
    {
        if (all.Find(o => o.Key == "bridge-vlan-aware") is not { } aware || Truth(aware) != true) return;
        var (pvid, vids) = (all.Find(o => o.Key == "bridge-pvid"), all.Find(o => o.Key == "bridge-vids"));
        var native = 1;
        if (pvid is not null && !(int.TryParse(pvid.Value, NumberStyles.None, CultureInfo.InvariantCulture, out native) && native is >= 1 and <= 4094)) { notes.Bad(pvid.At, $"bridge-pvid: {Notes.Q(pvid.Value)} is no VLAN"); return; }
        var trunk = vids is null ? [] : VlanIds.Read(vids.Value, native);
        if (trunk is null) notes.Bad(vids!.At, $"bridge-vids: {Notes.Q(vids.Value)} is no list of VLANs");
        else _bridge.Vlan = new VlanSpec(native, trunk.Value);
        notes.Say(aware.At, "each machine's VLAN belongs to its port", "vlan: 10 for the machine that had the tag 10; trunk for one that had several");
    }

    // The two lines by which a host with one address gives machines a way out; Weft does both itself.
    private void Script(InterfaceOption o)
    {
        if (o.Value.Contains("ip_forward", StringComparison.Ordinal) || (o.Key.EndsWith("down", StringComparison.Ordinal) && Masquerade().IsMatch(o.Value))) notes.Say(o.At, $"{o.Key} {Quote.Short(o.Value)}: Weft does that itself where a network needs it");
        else if (_bridge.Uplink is null && Masquerade().Match(o.Value) is { Success: true } m && SpecText.IsLinkName(m.Groups[1].Value)) Translate(m.Groups[1].Value, o);
        else notes.Lost(o.At, $"{o.Key} {Quote.Short(o.Value)}: Weft runs no commands", "look for the key that does it, or run it elsewhere");
    }

    private void Translate(string outer, InterfaceOption o)
    {
        _bridge.Nat = new NatNetworkSpec("") { Uplink = outer, HostAccess = true };
        notes.Changed(o.At, $"{o.Key} {Quote.Short(o.Value)}: the network is mode: nat with uplink {outer}", "say dhcp: true, and machines get addresses and names");
    }

    [GeneratedRegex(@"POSTROUTING\b.*\s-o\s+([^\s]+)\s.*-j\s+MASQUERADE", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Masquerade();

    private bool? Truth(InterfaceOption o)
    {
        var word = o.Value.Split(' ')[0].ToLowerInvariant();
        if (word is "on" or "yes" or "true" or "1") return true;
        if (word is not ("off" or "no" or "false" or "0")) notes.Bad(o.At, $"{o.Key}: {Notes.Q(o.Value)} is neither on nor off");
        return false;
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n) ? n : null;
}
