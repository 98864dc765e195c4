using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Import.Libvirt;

/// <summary>The element forward: where a network's frames or packets go.</summary>
/// <param name="Mode">none, nat, route, open, bridge, private, vepa, passthrough or hostdev.</param>
/// <param name="At">Where it stands, or the network without it.</param>
/// <param name="Devices">Names of links, in order.</param>
internal sealed record Forward(string Mode, Location At, IReadOnlyList<(string Name, Location At)> Devices)
{
    /// <summary>Outer addresses to translate to.</summary>
    public AddressRange? Pool { get; init; }
    /// <summary>Whether IPv6 is translated too.</summary>
    public bool Nat6 { get; init; }
    /// <summary>Where a physical function is named.</summary>
    public Location? Pf { get; init; }
    /// <summary>Where PCI devices are listed.</summary>
    public Location? Pci { get; init; }

    /// <summary>libvirt makes the bridge, and the host is on it.</summary>
    public bool IsOwnBridge => Mode is "none" or "nat" or "route" or "open";
}

/// <summary>Reads the element forward (virNetworkForwardDefParseXML of libvirt).</summary>
internal static class ForwardReader
{
    private static readonly string[] Modes = ["none", "nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"];

    /// <summary>What the network forwards; "none" without the element.</summary>
    public static Forward Read(XmlElement network, Notes notes)
    {
        if (network.Child("forward") is not { } e) return new Forward("none", network.At, []);
        var mode = Mode(e, notes);
        var (devices, pf, pci) = (Devices(e, notes), e.All("pf"), Pci(e, notes));
        foreach (var p in pf) p.Required("dev", notes);
        if (e["dev"] is not null && (pci.Count > 0 || pf.Count > 0)) notes.Conflict(e.Place("dev"), "<forward dev> stands beside <address> or <pf>");
        if (pf.Count > 1) notes.Conflict(pf[1].At, "a second <pf>", "there can be one");
        if (Ways(devices.Count, pci.Count, pf.Count) > 1) notes.Conflict(e.At, "<interface>, <address> and <pf> exclude each other");
        Driver(e, notes);
        return Nat(e, new Forward(mode, e.At, devices) { Pf = pf.FirstOrDefault()?.At, Pci = pci.FirstOrDefault()?.At }, notes);
    }

    private static int Ways(params int[] counts) => counts.Count(c => c > 0);

    private static string Mode(XmlElement e, Notes notes)
    {
        if (e["mode"] is not { } mode) return "nat";
        if (Modes.Contains(mode)) return mode;
        notes.Bad(e.Place("mode"), $"<forward mode>: {Notes.Q(mode)} is none of {string.Join(", ", Modes)}", Nearest.Of(mode, Modes) is { } near ? $"did you mean '{near}'?" : null);
        return "none";
    }

    private static List<(string, Location)> Devices(XmlElement e, Notes notes)
    {
        var devices = new List<(string Name, Location At)>();
        if (e.Link("dev", notes) is { } dev) devices.Add((dev, e.Place("dev")));
        var interfaces = e.All("interface");
        for (var i = 0; i < interfaces.Count; i++)
        {
            interfaces[i].Attribute("connections");
            if (interfaces[i].Required("dev", notes) is null || interfaces[i].Link("dev", notes) is not { } name) continue;
            if (i == 0 && devices.Count == 1)
            {
                if (name != devices[0].Name) notes.Conflict(interfaces[i].At, $"the first <interface> is {name}, and <forward dev> {devices[0].Name}", "libvirt wants both to be the same");
            }
            else if (devices.Exists(d => d.Name == name)) notes.Conflict(interfaces[i].At, $"<interface> {name} is listed twice");
            else devices.Add((name, interfaces[i].At));
        }
        return devices;
    }

    private static List<XmlElement> Pci(XmlElement e, Notes notes)
    {
        var all = e.All("address");
        var seen = new HashSet<(string?, string?, string?, string?)>();
        foreach (var a in all)
        {
            a.Attribute("connections");
            if (a.Required("type", notes) is { } type && type != "pci") notes.Bad(a.Place("type"), $"<address type>: {Notes.Q(type)} is not pci");
            if (!seen.Add((a["domain"], a["bus"], a["slot"], a["function"]))) notes.Conflict(a.At, "a PCI device is listed twice");
        }
        return all;
    }

    private static void Driver(XmlElement e, Notes notes)
    {
        e.Attribute("managed"); // whether libvirt unbinds the host's driver: of hostdev alone, which is left out as a whole
        if (e.Child("driver") is { } d && d["name"] is { } name && name is not ("kvm" or "vfio" or "xen")) notes.Bad(d.Place("name"), $"<driver name>: {Notes.Q(name)} is none of kvm, vfio, xen");
        if (e.Child("driver") is { } model) model.Attribute("model");
    }

    private static Forward Nat(XmlElement e, Forward forward, Notes notes)
    {
        var all = e.All("nat");
        if (all.Count == 0) return forward;
        if (forward.Mode != "nat") notes.Conflict(all[0].At, "<nat> belongs to forward mode nat");
        if (all.Count > 1) notes.Conflict(all[1].At, "a second <nat>", "there can be one");
        Ports(all[0], notes);
        return forward with { Pool = Pool(all[0], notes), Nat6 = all[0].YesNo("ipv6", notes) == true };
    }

    private static AddressRange? Pool(XmlElement nat, Notes notes)
    {
        var all = nat.All("address");
        if (all.Count > 1) notes.Conflict(all[1].At, "a second <address> in <nat>", "there can be one");
        if (all.Count == 0) return null;
        var (first, last) = (Outer(all[0], "start", notes), Outer(all[0], "end", notes));
        if (first is null || last is null) return null;
        if (IpPrefix.ToNumber(first) <= IpPrefix.ToNumber(last)) return new AddressRange(first, last);
        notes.Bad(all[0].At, $"<address>: {first} to {last} is reversed");
        return null;
    }

    private static IPAddress? Outer(XmlElement e, string key, Notes notes)
    {
        if (e.RequiredAddress(key, notes) is not { } a) return null;
        if (a.IsV4()) return a;
        notes.Bad(e.Place(key), $"<address {key}>: {a} is not IPv4");
        return null;
    }

    private static void Ports(XmlElement nat, Notes notes)
    {
        var all = nat.All("port");
        if (all.Count > 1) notes.Conflict(all[1].At, "a second <port> in <nat>", "there can be one");
        if (all.Count == 0) return;
        if (all[0].Required("start", notes) is null || all[0].Required("end", notes) is null) return;
        if (all[0].Number("start", 65535, notes) is not { } first || all[0].Number("end", 65535, notes) is not { } last) return;
        if (last < first) notes.Bad(all[0].At, $"<port>: {first} to {last} is reversed");
        notes.Lost(all[0].At, $"<port start='{first}' end='{last}'>: the source ports to translate to", "Weft lets the kernel choose them; nothing to do unless an outer firewall filters by source port");
    }
}
