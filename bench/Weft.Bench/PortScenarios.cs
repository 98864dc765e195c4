using System.Text;

namespace Weft.Bench;

/// <summary>Ports: many at once against ip -batch and nft -f; one more on a full host against one on an empty host.</summary>
internal static class PortScenarios
{
    private const int Many = 1000, Full = 2000, PerNetwork = 250;

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new("taps-1000", "add 1,000 taps with MAC and IP policy", "ip -batch and nft -f with the same sets", 1.5, Ours, Theirs),
        new("port-2000", "one more port on a host with 2,000", "one port on an empty host", 2, () => OneMore(Full), () => OneMore(0)),
    ];

    internal static string Spec(int ports)
    {
        var b = new StringBuilder("version: 1\nname: bench\nnetworks:\n");
        var networks = Math.Max(1, (ports + PerNetwork - 1) / PerNetwork);
        for (var n = 0; n < networks; n++) b.Append($"  n{n}: {{ mode: nat, uplink: up0, bridge: wn{n}, subnets: [10.{n}.0.0/22], dhcp: false, dns: false }}\n");
        if (ports > 0) b.Append("machines:\n");
        for (var i = 0; i < ports; i++) b.Append($"  m{i}: {{ ports: [ {{ network: n{i / PerNetwork}, tap: mt{i} }} ] }}\n");
        return b.ToString();
    }

    private static Cost Ours()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        BenchHost.Shell(host.WeftCommand("apply", host.Write("empty.yaml", Spec(0)), "--yes"));
        return BenchHost.Measure(host.WeftCommand("apply", host.Write("full.yaml", Spec(Many)), "--yes"));
    }

    private static Cost Theirs()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        var links = new StringBuilder();
        for (var n = 0; n < Many / PerNetwork; n++) links.Append($"link add wn{n} type bridge mcast_snooping 0\naddr add 10.{n}.0.1/22 dev wn{n}\nlink set wn{n} up\n");
        for (var i = 0; i < Many; i++)
            links.Append($"tuntap add mt{i} mode tap vnet_hdr\nlink set mt{i} alias weft:bench:m{i}\nlink set mt{i} master wn{i / PerNetwork}\nlink set mt{i} type bridge_slave guard on\nlink set mt{i} up\n");
        var macs = string.Join(", ", Enumerable.Range(0, Many).Select(i => $"\"mt{i}\" . 0a:00:00:00:{i / 256:x2}:{i % 256:x2}"));
        var addresses = string.Join(", ", Enumerable.Range(0, Many).Select(i => $"\"mt{i}\" . 0a:00:00:00:{i / 256:x2}:{i % 256:x2} . 10.{i / PerNetwork}.1.{i % PerNetwork}"));
        var rules = $$"""
            table bridge peer {
              set macs { type ifname . ether_addr; elements = { {{macs}} } }
              set addresses { type ifname . ether_addr . ipv4_addr; elements = { {{addresses}} } }
              chain prerouting { type filter hook prerouting priority -300; policy accept;
                iifname . ether saddr != @macs drop
                ether type ip iifname . ether saddr . ip saddr != @addresses drop
                ether type arp iifname . ether saddr . arp saddr ip != @addresses drop
              }
            }
            """;
        return BenchHost.Measure(["ip", "-n", host.Name, "-batch", host.Write("taps.batch", links.ToString())], host.Inside("nft", "-f", host.Write("taps.nft", rules)));
    }

    private static Cost OneMore(int present)
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        BenchHost.Shell(host.WeftCommand("apply", host.Write("host.yaml", Spec(present)), "--yes"));
        return BenchHost.Measure(host.WeftCommand("port", "add", "n0", "--name", "more"));
    }
}
