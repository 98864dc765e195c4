namespace Weft.Core.Policy;

/// <summary>
/// Chains of table inet weft_syn. A SYN for a protected forward is not tracked and so not translated: it reaches the host, which answers with a
/// cookie. The ACK that proves the client's address is invalid to conntrack (net.netfilter.nf_conntrack_tcp_loose = 0), reaches the host too,
/// and makes the kernel open the connection inward itself; that passes the output hook, where table inet weft translates it. A routed machine's
/// own address is the same one hook further, in forward.
/// </summary>
internal static class SynProxyChains
{
    /// <summary>The whole text.</summary>
    public const string Text = """
            chain proxy {
                synproxy mss 1460 wscale 7 timestamp sack-perm
            }
            chain untrack {
                notrack
            }
            chain pick {
                ip daddr . meta l4proto . tcp dport . ip saddr @syn4 goto untrack
                ip6 daddr . meta l4proto . tcp dport . ip6 saddr @syn6 goto untrack
                fib daddr type != local return
                meta l4proto . tcp dport . ip saddr @syn_any4 goto untrack
                meta l4proto . tcp dport . ip6 saddr @syn_any6 goto untrack
            }
            chain answer {
                ip daddr . meta l4proto . tcp dport . ip saddr @syn4 goto proxy
                ip6 daddr . meta l4proto . tcp dport . ip6 saddr @syn6 goto proxy
                fib daddr type != local return
                meta l4proto . tcp dport . ip saddr @syn_any4 goto proxy
                meta l4proto . tcp dport . ip6 saddr @syn_any6 goto proxy
            }
            chain raw {
                type filter hook prerouting priority raw; policy accept;
                tcp flags & (fin | syn | rst | ack) == syn iifname @edges jump pick
            }
            chain input {
                type filter hook input priority -10; policy accept;
                ct state { invalid, untracked } meta l4proto tcp iifname @edges jump answer
            }
            chain forward {
                type filter hook forward priority -10; policy accept;
                ct state { invalid, untracked } meta l4proto tcp iifname @edges jump answer
            }

        """;
}
