namespace Weft.Core.Model;

/// <summary>Names of the kernel features that are probed into <see cref="HostModel.Features"/>.</summary>
public static class HostFeatures
{
    /// <summary>Bridges filter VLANs (CONFIG_BRIDGE_VLAN_FILTERING).</summary>
    public const string BridgeVlan = "bridge-vlan";
    /// <summary>VLAN links can be made (CONFIG_VLAN_8021Q).</summary>
    public const string Vlan8021q = "8021q";
    /// <summary>nft knows synproxy (CONFIG_NFT_SYNPROXY).</summary>
    public const string SynProxy = "synproxy";
    /// <summary>nft knows ct count (CONFIG_NFT_CONNLIMIT).</summary>
    public const string ConnLimit = "connlimit";
    /// <summary>nft knows the name of a frame's bridge: meta ibrname (CONFIG_NFT_BRIDGE_META).</summary>
    public const string BridgeNames = "bridge-names";
    /// <summary>IPv6 forwarding can be switched on per interface: net/ipv6/conf/IF/force_forwarding (Linux 6.17).</summary>
    public const string Ipv6ForceForwarding = "ipv6-force-forwarding";
    /// <summary>The kernel has IPv6.</summary>
    public const string Ipv6 = "ipv6";
}

/// <summary>Paths under /proc/sys that planning looks at in <see cref="HostModel.Sysctls"/>; absent ones are left out of it.</summary>
public static class HostSysctls
{
    /// <summary>Bridged IPv4 is sent through iptables and nft's ip and inet tables.</summary>
    public const string BridgeNfCallIptables = "net/bridge/bridge-nf-call-iptables";
    /// <summary>The same for IPv6.</summary>
    public const string BridgeNfCallIp6tables = "net/bridge/bridge-nf-call-ip6tables";
    /// <summary>The same for ARP.</summary>
    public const string BridgeNfCallArptables = "net/bridge/bridge-nf-call-arptables";
    /// <summary>SYN cookies of the host's own listeners.</summary>
    public const string TcpSyncookies = "net/ipv4/tcp_syncookies";
    /// <summary>Whether IPv4 packets that come from links to come are forwarded.</summary>
    public const string DefaultIpv4Forwarding = "net/ipv4/conf/default/forwarding";
    /// <summary>Whether links to come have no IPv6.</summary>
    public const string DefaultDisableIpv6 = "net/ipv6/conf/default/disable_ipv6";
    /// <summary>Whether links to come believe routers' advertisements.</summary>
    public const string DefaultAcceptRa = "net/ipv6/conf/default/accept_ra";
    /// <summary>Whether links to come are those of a router of IPv6.</summary>
    public const string DefaultIpv6Forwarding = "net/ipv6/conf/default/forwarding";
    /// <summary>Whether IPv6 packets that come from links to come are forwarded in any case (Linux 6.17).</summary>
    public const string DefaultIpv6ForceForwarding = "net/ipv6/conf/default/force_forwarding";
    /// <summary>All of them.</summary>
    public static readonly string[] All =
    [
        BridgeNfCallIptables, BridgeNfCallIp6tables, BridgeNfCallArptables, TcpSyncookies,
        DefaultIpv4Forwarding, DefaultDisableIpv6, DefaultAcceptRa, DefaultIpv6Forwarding, DefaultIpv6ForceForwarding,
    ];
}
