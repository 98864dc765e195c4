using System.Text;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;
using Weft.Core.Spec.Writing;

namespace Weft.Core.Export;

/// <summary>The bridges of a project as a netplan file, for a host that is to have them without Weft.</summary>
public static class NetplanExporter
{
    /// <summary>One file for all.</summary>
    public static Exported Export(ExportSource source)
    {
        var losses = new Losses();
        var (nics, vlans, bridges) = (Map(), Map(), Map());
        foreach (var n in source.Project.Networks)
        {
            if (n is not BridgeNetworkSpec b) { losses.Lost(n, "netplan has no NAT networks: it is left out", null); continue; }
            if (b.Uplink is { } u) Uplink(nics, vlans, u);
            bridges.Add(source.Bridge(n), Bridge(source, b));
            Tell(source, b, losses);
        }
        var network = Map().Number("version", 2).Add("ethernets", Some(nics)).Add("vlans", Some(vlans)).Add("bridges", Some(bridges));
        var text = new StringBuilder();
        YamlText.Write(text, Map().Add("network", network), 0);
        return new Exported([new ExportedFile(null, text.ToString())], losses.All);
    }

    private static YamlMap Map() => new() { Block = true };

    private static YamlMap? Some(YamlMap map) => map.Entries.Count > 0 ? map : null;

    // netplan wants every port of a bridge defined.
    private static void Uplink(YamlMap nics, YamlMap vlans, UplinkSpec u)
    {
        if (!nics.Entries.Exists(e => e.Key == u.Link)) nics.Add(u.Link, new YamlMap());
        if (u.Vlan is { } id) vlans.Add(u.LinkName(), new YamlMap().Number("id", id).Text("link", u.Link));
    }

    private static YamlMap Bridge(ExportSource source, BridgeNetworkSpec b)
    {
        var map = Map();
        if (b.Uplink is { } u) map.Texts("interfaces", [u.LinkName()]);
        else map.Texts("addresses", b.Subnets.Select(s => $"{s.HostAddress()}/{s.Prefix.Length}"));
        return map.Number("mtu", b.Mtu).Add("parameters", Parameters(b));
    }

    private static YamlMap Parameters(BridgeNetworkSpec b)
    {
        var port = b.Uplink?.LinkName() ?? "";
        var map = Map().Add("stp", b.Stp is { Enabled: true } ? "true" : "false")
            .Number("priority", b.Stp?.Priority).Number("forward-delay", b.Stp?.ForwardDelay).Number("hello-time", b.Stp?.Hello).Number("max-age", b.Stp?.MaxAge).Number("ageing-time", b.Options.Ageing);
        if (b.Uplink?.Cost is { } cost) map.Add("path-cost", new YamlMap().Number(port, cost));
        if (b.Uplink?.Priority is { } priority) map.Add("port-priority", new YamlMap().Number(port, priority));
        return map;
    }

    private static void Tell(ExportSource source, BridgeNetworkSpec b, Losses losses)
    {
        if (b.Uplink is { MoveAddresses: true } u) losses.Lost(b, $"the addresses and routes of {u.Link} that Weft moves to the bridge", "write addresses or dhcp4, and routes, for the bridge");
        if (b.Uplink is not null && !b.Subnets.IsEmpty) losses.Lost(b, "subnets: what machines get as addresses", null);
        if (b.Uplink is { Vlan: null } nic) losses.Say(b, $"{nic.Link} is written under ethernets", "move it, if it is a bond or a VLAN");
        if (b.Dhcp.Enabled == true) losses.Lost(b, "dhcp: netplan runs no server", null);
        if (!b.Dns.Records.IsEmpty || !b.Dns.Forwarders.IsEmpty) losses.Lost(b, "dns: netplan runs no server", null);
        if (b.Vlan is not null) losses.Lost(b, "vlan: netplan's bridges do not filter VLANs", null);
        if (!b.Fdb.IsEmpty) losses.Lost(b, "fdb: netplan has no entries", null);
        if (b.Options.MulticastSnooping || b.Options.MulticastQuerier) losses.Lost(b, "options: multicast_snooping and multicast_querier", null);
        if (source.Ports(b).Any()) losses.Lost(b, "machines: netplan has no ports of machines", null);
    }
}
