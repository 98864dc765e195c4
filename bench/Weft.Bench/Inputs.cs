using System.Text;

namespace Weft.Bench;

/// <summary>The same work as a file for weft, for ip -batch and nft -f, and for virsh.</summary>
internal static class Inputs
{
    internal static string Weft(int networks, bool dhcp)
    {
        var b = new StringBuilder("version: 1\nname: bench\nnetworks:\n");
        for (var i = 0; i < networks; i++)
            b.Append($"  n{i}: {{ mode: nat, uplink: up0, bridge: wn{i}, subnets: [10.{100 + i / 250}.{i % 250}.0/24, \"fd00:{i:x}::/64\"], dhcp: {(dhcp ? "true" : "false")}, dns: {(dhcp ? "true" : "false")} }}\n");
        return b.ToString();
    }

    /// <summary>A NIC to masquerade behind; in every namespace of both sides.</summary>
    internal static void Uplink(BenchHost host)
    {
        BenchHost.Shell("ip", "-n", host.Name, "link", "add", "up0", "type", "veth", "peer", "name", "up1");
        BenchHost.Shell("ip", "-n", host.Name, "addr", "add", "192.0.2.2/24", "dev", "up0");
        foreach (var l in new[] { "up0", "up1" }) BenchHost.Shell("ip", "-n", host.Name, "link", "set", l, "up");
        BenchHost.Shell("ip", "-n", host.Name, "route", "add", "default", "via", "192.0.2.1");
    }

    internal static string IpBatch(int networks)
    {
        var b = new StringBuilder();
        for (var i = 0; i < networks; i++)
            b.Append($"link add wn{i} type bridge mcast_snooping 0\nlink set wn{i} alias weft:bench:n{i}\naddr add 10.{100 + i / 250}.{i % 250}.1/24 dev wn{i}\naddr add fd00:{i:x}::1/64 dev wn{i} nodad\nlink set wn{i} up\n");
        return b.ToString();
    }

    /// <summary>A ruleset as a careful person writes it: sets, no rule per network.</summary>
    internal static string Nft(int networks)
    {
        var v4 = string.Join(", ", Enumerable.Range(0, networks).Select(i => $"\"wn{i}\" . 10.{100 + i / 250}.{i % 250}.0/24"));
        var v6 = string.Join(", ", Enumerable.Range(0, networks).Select(i => $"\"wn{i}\" . fd00:{i:x}::/64"));
        var links = string.Join(", ", Enumerable.Range(0, networks).Select(i => $"\"wn{i}\" : \"up0\""));
        return $$"""
            table inet peer {
              set nets4 { type ifname . ipv4_addr; flags interval; elements = { {{v4}} } }
              set nets6 { type ifname . ipv6_addr; flags interval; elements = { {{v6}} } }
              set links { type ifname; elements = { {{string.Join(", ", Enumerable.Range(0, networks).Select(i => $"\"wn{i}\""))}} } }
              chain forward { type filter hook forward priority 0; policy accept;
                ct state vmap { established : accept, related : accept, invalid : drop }
                iifname . ip saddr @nets4 accept
                iifname . ip6 saddr @nets6 accept
                oifname @links drop
              }
              chain postrouting { type nat hook postrouting priority 100;
                oifname "up0" meta nfproto { ipv4, ipv6 } masquerade
              }
            }
            """;
    }

    internal static string LibvirtNetwork(int i) =>
        $"<network><name>n{i}</name><forward mode='nat'/><bridge name='lv{i}'/><ip address='10.{100 + i / 250}.{i % 250}.1' netmask='255.255.255.0'><dhcp><range start='10.{100 + i / 250}.{i % 250}.10' end='10.{100 + i / 250}.{i % 250}.200'/></dhcp></ip><ip family='ipv6' address='fd00:{i:x}::1' prefix='64'/></network>";
}
