using System.Text;

namespace Weft.Engine.Host.Managers;

/// <summary>
/// The part of a .network file (systemd.network(5)) that goes with the addresses when they move to a bridge: addresses, routes, name servers, how the DHCP client
/// behaves. What is about the NIC itself (its MTU, links over it) stays behind.
/// </summary>
internal static class NetworkdLayer3
{
    private static readonly HashSet<string> _sections =
        ["Network", "Address", "Neighbor", "IPv6AddressLabel", "RoutingPolicyRule", "NextHop", "Route", "DHCP", "DHCPv4", "DHCPv6", "DHCPPrefixDelegation", "DHCPv6PrefixDelegation", "IPv6AcceptRA"];

    // Of [Network]: of the NIC, of the whole host, or said again for the bridge.
    private static readonly HashSet<string> _ofTheNic =
    [
        "Bridge", "Bond", "VLAN", "VRF", "MACVLAN", "MACVTAP", "IPVLAN", "IPVTAP", "VXLAN", "Tunnel", "MACsec", "IPoIB", "Xfrm", "BatmanAdvanced", "ActiveSlave", "PrimarySlave",
        "BindCarrier", "IPForward", "IPv4Forwarding", "IPv6Forwarding", "IPMasquerade", "DHCPServer", "IPv6SendRA", "LLDP", "EmitLLDP", "KeepConfiguration", "ConfigureWithoutCarrier", "IgnoreCarrierLoss",
    ];

    /// <summary>The sections, in their order and each by itself, of a file and its drop-ins.</summary>
    public static string Of(IEnumerable<string> texts)
    {
        var result = new StringBuilder();
        foreach (var text in texts)
        {
            var section = "";
            foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';')))
            {
                var header = line is ['[', .. var name, ']'] ? section = name : null;
                if (!_sections.Contains(section) || (header is null && section == "Network" && _ofTheNic.Contains(line.Split('=')[0].Trim()))) continue;
                if (header is not null && result.Length > 0) result.Append('\n');
                result.Append(line).Append('\n');
            }
        }
        return result.ToString();
    }
}
