using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Libvirt;

/// <summary>Makes one network of Weft of one of libvirt.</summary>
internal sealed class NetworkMapper(XmlElement root, string name, Notes notes, bool keepsBridge = false)
{
    private const int MinMtu6 = 1280;

    /// <summary>The draft; with errors in its notes it is not to be used.</summary>
    public Draft Map()
    {
        Head();
        var forward = ForwardReader.Read(root, notes);
        var (bridge, ips, dns) = (BridgeReader.Read(root, forward, notes, keepsBridge), IpReader.Read(root, notes), DnsReader.Read(root, notes));
        var routes = RouteReader.Read(root, ips, notes);
        PortReader.Read(root, forward, notes);
        var domain = Domain();
        Check(forward, ips, dns);
        var isolated = Isolated(ips);
        var draft = forward.IsOwnBridge ? Routers(Own(forward, bridge, ips, dns, isolated), routes) : Foreign(forward, bridge);
        Leftovers.Tell(root, notes);
        return draft with { Domain = domain };
    }

    private void Head()
    {
        root.Attribute("connections");
        root.Child("name");
        if (root.Child("uuid") is { } uuid)
        {
            if (!Guid.TryParse(uuid.Text.Trim(), out _)) notes.Bad(uuid.At, $"<uuid>: {Notes.Q(uuid.Text)} is none");
            else notes.Say(uuid.At, $"uuid {uuid.Text.Trim()}: Weft knows networks by name");
        }
        foreach (var text in (string[])["title", "description"]) if (root.Child(text) is { } e) notes.Say(e.At, $"{text}: {Quote.Line(e.Text.Trim())}");
        if (root.YesNo("ipv6", notes) == true) notes.Changed(root.Place("ipv6"), "ipv6='yes': machines of a network without IPv6 subnets may use IPv6 among themselves only as far as anti_spoof lets them", "declare an IPv6 subnet, or anti_spoof: false");
        if (root.YesNo("trustGuestRxFilters", notes) == true) notes.Lost(root.Place("trustGuestRxFilters"), "trustGuestRxFilters: Weft takes no filters from the guest", null);
        if (root.Child("metadata") is { } meta) notes.Lost(meta.SeeAll().At, $"<metadata>: {string.Join(", ", meta.Children.Select(c => c.Name).Distinct().Take(8))}: Weft keeps no data of other programs", "keep the XML");
        foreach (var options in root.All("options", DnsmasqNamespace))
            foreach (var o in options.All("option", DnsmasqNamespace))
                notes.Lost(o.At, $"<dnsmasq:option value={Notes.Q(o["value"] ?? "")}>: Weft writes dnsmasq's configuration alone", "where there is a key of Weft's for it, use that: dhcp, dns");
    }

    private const string DnsmasqNamespace = "http://libvirt.org/schemas/network/dnsmasq/1.0";

    private string? Domain()
    {
        if (root.Child("domain") is not { } e) return null;
        var (domain, local) = (e["name"], e.YesNo("localOnly", notes));
        if (domain is null) return null;
        if (local != true) notes.Say(e.At, "localOnly is not set: Weft never asks upstream servers for names of the network's domain");
        if (Values.Domain(domain) is { } fits) return fits;
        notes.Lost(e.Place("name"), $"<domain name={Notes.Q(domain)}> is no DNS name", "letters, digits and '-' between dots; the key domain has the project's");
        return null;
    }

    private void Check(Forward forward, List<Ip> ips, DnsSpec dns)
    {
        if (forward.Mode is "nat" or "route" or "open")
        {
            if (root.All("ip").Count == 0) notes.Missing(forward.At, $"forward mode {forward.Mode} needs an <ip>", "libvirt forwards from the network of an address");
            if (forward.Devices.Count > 1) notes.Conflict(forward.Devices[1].At, $"forward mode {forward.Mode} takes one device");
            if (forward.Mode == "open" && forward.Devices.Count > 0) notes.Conflict(forward.Devices[0].At, "forward mode open takes no device");
        }
        if (forward.IsOwnBridge) return;
        if (root.All("ip") is [var ip, ..]) notes.Conflict(ip.At, $"<ip> does not go with forward mode {forward.Mode}", "the addresses are those of the outer network");
        if (ips.Count == 0 && (!dns.Records.IsEmpty || root.Child("dns")?.Children.Any(c => c.Name is "srv" or "txt") == true)) notes.Conflict(root.Child("dns")!.At, $"<dns> does not go with forward mode {forward.Mode}");
        if (root.Child("domain")?["name"] is not null) notes.Conflict(root.Child("domain")!.At, $"<domain> does not go with forward mode {forward.Mode}");
        if (forward.Mode == "hostdev" && forward.Devices.Count > 0) notes.Conflict(forward.Devices[0].At, "forward mode hostdev lists devices by PCI address, not by link");
        if (forward is { Pci: { } pci } && forward.Mode != "hostdev") notes.Conflict(pci, $"a PCI address does not go with forward mode {forward.Mode}");
    }

    private bool Isolated(List<Ip> ips)
    {
        var isolated = root.Child("port")?.YesNo("isolated", notes) == true;
        if (isolated) notes.Changed(root.Child("port")!.At, "<port isolated='yes'>: in Weft it belongs to each machine", ips.Exists(i => i.Hosts.Count > 0) ? "the machines here have it; give it to each one added" : "isolated: true for each machine on the network");
        return isolated;
    }

    private Draft Own(Forward forward, BridgeFacts bridge, List<Ip> ips, DnsSpec dns, bool isolated)
    {
        var machines = new MachineMapper(name, ips, isolated, notes).Map();
        NetworkSpec network = ips.Count == 0 ? new BridgeNetworkSpec(name) : Routed(forward, ips);
        if (ips.Count > 0) network = network with { Subnets = new DhcpMapper(ips, dns.Enabled, notes).Subnets(), Dhcp = new DhcpMapper(ips, dns.Enabled, notes).Dhcp() };
        return new Draft(network with { At = root.At, Bridge = bridge.Name, Mtu = Mtu(bridge, ips), Stp = bridge.Stp, Dns = Names(dns, machines) }, notes) { Machines = machines };
    }

    // What comes from behind a machine has other addresses than the machine.
    private Draft Routers(Draft draft, List<RouteSpec> routes)
    {
        foreach (var r in routes)
        {
            var router = draft.Machines.FindIndex(m => m.Port.Addresses.Contains(r.Via));
            if (router >= 0) draft.Machines[router] = draft.Machines[router] with { Port = draft.Machines[router].Port with { AntiSpoof = false } };
            notes.Changed(r.At, router >= 0 ? $"machine {draft.Machines[router].Name} is a router to {r.To}: its port is not held to its own addresses (anti_spoof: false)" : $"no machine is known that has {r.Via}, the router to {r.To}",
                router >= 0 ? null : "declare it, with anti_spoof: false");
        }
        return draft with { Network = draft.Network with { Routes = [.. routes] } };
    }

    private NatNetworkSpec Routed(Forward forward, List<Ip> ips)
    {
        var (v4, v6) = (ips.Exists(i => i.Address.IsV4), ips.Find(i => !i.Address.IsV4));
        var pool = forward.Pool;
        if (pool is not null && !v4) { notes.Lost(forward.At, "<nat> <address>: the network has no IPv4 to translate", null); pool = null; }
        if (forward.Mode == "nat" && !forward.Nat6 && v6 is not null) notes.Changed(v6.At, "libvirt routes IPv6 of a NAT network untranslated; Weft translates both families", "nat: routed in a network of its own, when the addresses are routed to this host");
        if (forward.Mode == "open") notes.Changed(forward.At, "forward mode open sets no rules; Weft routes the network and checks what its ports send", "anti_spoof: false for a machine that routes for others");
        notes.Say(root.At, "host_access: true lets machines use every service of the host, as libvirt does", "without it they reach DHCP, DNS and ICMP");
        return new NatNetworkSpec(name) { Nat = forward.Mode switch { "none" => NatKind.Isolated, "nat" => NatKind.Masquerade, _ => NatKind.Routed }, Uplink = Outer(forward), SnatPool = pool, HostAccess = true };
    }

    private static string? Outer(Forward forward) => forward.Devices is [var (device, _)] ? device : null;

    private int? Mtu(BridgeFacts bridge, List<Ip> ips)
    {
        if (bridge.Mtu is not < MinMtu6 || ips.TrueForAll(i => i.Address.IsV4)) return bridge.Mtu;
        notes.Lost(root.Child("mtu")!.At, $"<mtu size='{bridge.Mtu}'> is too small for IPv6, which needs {MinMtu6}", $"{MinMtu6} or more, or no IPv6");
        return null;
    }

    private DnsSpec Names(DnsSpec dns, List<DraftMachine> machines)
    {
        var taken = machines.Select(m => m.Name).ToHashSet();
        foreach (var r in dns.Records.Where(r => taken.Contains(r.Name)))
            notes.Lost(root.Child("dns")!.At, $"dns host {r.Name} ({r.Address}) is left out: machine {r.Name} has the name", "rename one of them");
        return dns with { Records = [.. dns.Records.Where(r => !taken.Contains(r.Name))] };
    }

    private Draft Foreign(Forward forward, BridgeFacts bridge)
    {
        var network = new BridgeNetworkSpec(name) { At = root.At, Bridge = bridge.Name };
        var draft = new Draft(network, notes);
        if (forward.Mode != "bridge") return Refuse(draft, forward.At, $"forward mode {forward.Mode} is none of Weft's yet", $"{Instead(forward.Mode)}; this version makes bridge and NAT networks");
        if (PortReader.IsOpenVSwitch(root)) return Refuse(draft, forward.At, "its bridge is one of Open vSwitch, and Weft makes bridges of the kernel", "keep it in libvirt, or declare mode: bridge with vlan: true and the bridge's NIC as uplink");
        if (bridge.Name is { } existing)
        {
            notes.Changed(root.Place("bridge"), $"{existing} is a bridge that the host's own configuration makes; Weft makes its own, and needs the NIC under it", $"write that NIC as uplink, and take {existing} out of the host's configuration: weft import netplan or ifupdown reads it");
            return draft;
        }
        if (forward.Devices.Count == 0) return Refuse(draft, forward.At, "it names neither a bridge nor a device", "write mode: bridge with the NIC as uplink");
        return Macvtap(draft, network, forward);
    }

    private Draft Macvtap(Draft draft, BridgeNetworkSpec network, Forward forward)
    {
        var (device, at) = forward.Devices[0];
        notes.Changed(at, $"macvtap on {device} becomes a bridge over {device}: the host's addresses move to the bridge, and host and machines reach each other", "plan shows the move");
        foreach (var (other, place) in forward.Devices.Skip(1)) notes.Lost(place, $"<interface dev='{other}'>: a network has one uplink", $"a network of its own over {other}");
        return draft with { Network = network with { Uplink = new UplinkSpec(device) { At = at } } };
    }

    private Draft Refuse(Draft draft, Location at, string why, string hint)
    {
        notes.LeftOut(at, $"left out: {why}", hint);
        return draft;
    }

    private static string Instead(string mode) => mode switch
    {
        "private" => "the nearest is mode: bridge with isolated: true on every machine",
        "vepa" => "it needs a switch with reflective relay: the nearest is mode: bridge",
        "passthrough" => "one NIC for one machine: the nearest is mode: bridge over that NIC",
        _ => "keep handing the PCI device to the machine by libvirt",
    };
}
