namespace Weft.Cli.Sandbox;

/// <summary>
/// Addresses and names of a sandbox. The host has two uplinks: eth0 towards the internet, eth1 on an office LAN. Behind both stands one
/// namespace that is router, DHCP server and the world. All addresses are documentation ranges (RFC 5737, RFC 3849).
/// </summary>
internal sealed record SandboxLayout(string Name)
{
    /// <summary>The namespace behind the uplinks.</summary>
    internal string World => $"{Name}-world";
    internal const string HostAddress = "192.0.2.2", RouterAddress = "192.0.2.1";
    internal const string HostAddress6 = "2001:db8:2::2", RouterAddress6 = "2001:db8:2::1";
    internal const string OfficeHost = "198.51.100.2", OfficeRouter = "198.51.100.1";
    internal const string OfficeHost6 = "2001:db8:51::2", OfficeRouter6 = "2001:db8:51::1";
    internal const string WebAddress = "203.0.113.10", WebAddress6 = "2001:db8:113::10";
    internal const string WebName = "www.example.com";

    /// <summary>Where the folders of all sandboxes are.</summary>
    internal const string Root = "/run/weft/sandbox";

    /// <summary>Files of a sandbox: dnsmasq's configuration, pid and leases. That it is there says that the namespaces are Weft's.</summary>
    internal string Folder => $"{Root}/{Name}";

    /// <summary>Written last: everything has been made.</summary>
    internal string Complete => $"{Folder}/complete";

    /// <summary>Both namespaces.</summary>
    internal IReadOnlyList<string> Namespaces => [Name, World];

    /// <summary>The resolver of the host: the router answers. Its first line tells whose it is: it outlives the machine's uptime, the rest does not.</summary>
    internal static string ResolvText => $"# made by weft sandbox\nnameserver {RouterAddress}\nnameserver {RouterAddress6}\n";

    /// <summary>As ip-netns(8) has it: shown as /etc/resolv.conf inside.</summary>
    internal string ResolvConf => $"/etc/netns/{Name}/resolv.conf";

    /// <summary>Configuration of the LAN's DHCP and DNS server.</summary>
    internal string DnsmasqConf => $"""
        # the sandbox's office LAN
        port=53
        no-resolv
        no-hosts
        bind-interfaces
        interface=office
        interface=wan
        no-dhcp-interface=wan
        user=root
        dhcp-range=198.51.100.100,198.51.100.199,255.255.255.0,1h
        dhcp-range=2001:db8:51::1000,2001:db8:51::1fff,64,1h
        enable-ra
        dhcp-option=option:router,{OfficeRouter}
        dhcp-option=option:dns-server,{OfficeRouter}
        dhcp-option=option6:dns-server,[{OfficeRouter6}]
        address=/{WebName}/{WebAddress}
        address=/{WebName}/{WebAddress6}
        dhcp-leasefile={Folder}/leases
        pid-file={Folder}/dnsmasq.pid
        dhcp-authoritative
        """;
}
