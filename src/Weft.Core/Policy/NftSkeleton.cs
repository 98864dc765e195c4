using System.Security.Cryptography;
using System.Text;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>
/// The static part of Weft's tables, the same on every host: chains, rules, empty sets and maps (inet.nft, bridge.nft beside this file). What differs
/// between hosts are elements; <see cref="NftSchema"/> says what they look like.
/// </summary>
public static class NftSkeleton
{
    /// <summary>Routed policy: NAT networks, forwards, floating addresses.</summary>
    public const string InetTable = "inet weft";

    /// <summary>Port policy: what a machine may send.</summary>
    public const string BridgeTable = "bridge weft";

    /// <summary>Steps of the limits of connections, per second or at once: a declared limit is rounded up to the next one.</summary>
    public static IReadOnlyList<int> LimitSteps { get; } = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];

    /// <summary>The table of routed policy.</summary>
    public static NftTableResource Inet { get; } = Make("inet", Load("inet.nft")
        .Replace("@LIMIT_SETS@", Limits(Sets), StringComparison.Ordinal).Replace("@LIMIT_CHAINS@", Limits(Chains), StringComparison.Ordinal));

    /// <summary>The table of port policy.</summary>
    public static NftTableResource Bridge { get; } = Make("bridge", Load("bridge.nft"));

    /// <summary>The step that serves a declared limit: the smallest that is not below it, or the largest.</summary>
    public static int Step(int limit)
    {
        foreach (var s in LimitSteps)
            if (s >= limit) return s;
        return LimitSteps[^1];
    }

    private static NftTableResource Make(string family, string template)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template)))[..16];
        return new NftTableResource(family, "weft", template.Replace("@HASH@", hash, StringComparison.Ordinal), hash);
    }

    private static string Limits(Func<int, string> part) => string.Concat(LimitSteps.Select(part));

    // A source is forgotten after a minute without new connections; 65,536 sources are kept, more are not counted: the set's memory is bounded.
    private static string Sets(int n) => $$"""
        	set rate_{{n}}_4 { type ipv4_addr . ipv4_addr; size 65536; flags dynamic,timeout; timeout 1m; }
        	set rate_{{n}}_6 { type ipv6_addr . ipv6_addr; size 65536; flags dynamic,timeout; timeout 1m; }
        	set count_{{n}}_4 { type ipv4_addr . ipv4_addr; size 65536; flags dynamic; }
        	set count_{{n}}_6 { type ipv6_addr . ipv6_addr; size 65536; flags dynamic; }

        """;

    private static string Chains(int n) => string.Concat(new[] { ("4", "ip"), ("6", "ip6") }.Select(f => $$"""
        	chain rate_{{n}}_{{f.Item1}} {
        		ct state new update @rate_{{n}}_{{f.Item1}} { {{f.Item2}} saddr . {{f.Item2}} daddr limit rate over {{n}}/second burst {{Math.Max(5, 2 * n)}} packets } counter drop
        	}
        	chain count_{{n}}_{{f.Item1}} {
        		ct state new add @count_{{n}}_{{f.Item1}} { {{f.Item2}} saddr . {{f.Item2}} daddr ct count over {{n}} } counter drop
        	}

        """));

    private static string Load(string name)
    {
        using var stream = typeof(NftSkeleton).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
