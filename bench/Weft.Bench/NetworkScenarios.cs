namespace Weft.Bench;

/// <summary>NAT networks without DHCP against ip -batch and nft -f, process start included.</summary>
internal static class NetworkScenarios
{
    private const int Count = 100;

    internal static IReadOnlyList<Scenario> All { get; } =
        [new("create-100", "create 100 NAT networks (bridge, v4+v6, nft), no DHCP", "ip -batch and one nft -f", 1.5, Ours, Theirs)];

    private static Cost Ours()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        var file = host.Write("weft.yaml", Inputs.Weft(Count, dhcp: false));
        return BenchHost.Measure(host.WeftCommand("apply", file, "--yes"));
    }

    private static Cost Theirs()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        var batch = host.Write("links.batch", Inputs.IpBatch(Count));
        var rules = host.Write("rules.nft", Inputs.Nft(Count));
        return BenchHost.Measure(["ip", "-n", host.Name, "-batch", batch], host.Inside("nft", "-f", rules));
    }
}
