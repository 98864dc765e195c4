using System.Text;

namespace Weft.Core.Policy;

/// <summary>Chains of table inet weft. Written for the packet of an established connection: it meets one verdict map per hook.</summary>
internal static class InetChains
{
    /// <summary>The whole text, in the order in which chains may refer to each other.</summary>
    public static string Text { get; } = Limits() + Refusal + Family(Translation, true) + Family(Translation, false) + Inbound + Forward + Nat + Input;

    // Dynamic sets: filled by packets, never by Weft. One entry per source and target; the target decides the class, so one set serves all classes.
    private static string Limits()
    {
        var text = new StringBuilder();
        foreach (var (ip, n) in new[] { ("ip", '4'), ("ip6", '6') })
        {
            var a = $"ipv{n}_addr";
            text.Append($"\tset seen{n} {{ type {a} . {a} . inet_proto . inet_service; size 65536; flags dynamic,timeout; timeout 1m; }}\n");
            text.Append($"\tset seen_net{n} {{ type ifname . {a}; size 65536; flags dynamic,timeout; timeout 1m; }}\n");
            text.Append($"\tset open{n} {{ type {a} . {a} . inet_proto . inet_service; size 65536; flags dynamic; }}\n");
            text.Append($"\tset open_net{n} {{ type ifname . {a}; size 65536; flags dynamic; }}\n");
        }
        text.Append("\tcounter limited { }\n\tcounter refused { }\n\tcounter invalid { }\n");
        foreach (var limit in LimitClasses.All) text.Append(Limit(limit));
        return text.ToString();
    }

    private static string Limit(int n)
    {
        const string over = "counter name limited drop";
        var rate = $"limit rate over {n}/second burst {n} packets";
        return $$"""
            chain rate_{{n}} {
                add @seen4 { ip saddr . ip daddr . meta l4proto . th dport {{rate}} } {{over}}
                add @seen6 { ip6 saddr . ip6 daddr . meta l4proto . th dport {{rate}} } {{over}}
            }
            chain rate_net_{{n}} {
                add @seen_net4 { oifname . ip saddr {{rate}} } {{over}}
                add @seen_net6 { oifname . ip6 saddr {{rate}} } {{over}}
            }
            chain conn_{{n}} {
                add @open4 { ip saddr . ip daddr . meta l4proto . th dport ct count over {{n}} } {{over}}
                add @open6 { ip6 saddr . ip6 daddr . meta l4proto . th dport ct count over {{n}} } {{over}}
            }
            chain conn_net_{{n}} {
                add @open_net4 { oifname . ip saddr ct count over {{n}} } {{over}}
                add @open_net6 { oifname . ip6 saddr ct count over {{n}} } {{over}}
            }

        """;
    }

    private static string Family(string text, bool v4) =>
        text.Replace("IP", v4 ? "ip" : "ip6", StringComparison.Ordinal).Replace("#", v4 ? "4" : "6", StringComparison.Ordinal)
            .Replace("LOOPBACK", v4 ? "127.0.0.0/8" : "{ ::1, fe80::/10 }", StringComparison.Ordinal);

    // Machines are told at once; the outside is not told at all.
    private const string Refusal = """
            chain refuse {
                counter name refused
                fib daddr type { broadcast, multicast, anycast } drop
                reject with icmpx admin-prohibited
            }
            chain refuse_silently {
                counter name refused drop
            }
            chain bad {
                iifname @nets counter name invalid drop
                oifname @nets counter name invalid drop
            }

        """;

    // check: a source that may not use a forward is dropped, lest it meet a service of the host on that port.
    // The listen address goes before any address of the host. No address of the host inside its networks is translated: DNS lives there.
    // The host's own connections (own) and those that the SYN proxy opens are not checked again.
    private const string Translation = """
            chain check# {
                IP daddr . meta l4proto . th dport . IP saddr @allow# return
                counter name refused drop
            }
            chain check_any# {
                meta l4proto . th dport . IP saddr @allow_any# return
                counter name refused drop
            }
            chain check_float# {
                IP daddr . IP saddr @float_allow# return
                counter name refused drop
            }
            chain exact# {
                dnat IP to IP daddr map @float#
                dnat IP to IP daddr . meta l4proto . th dport map @fwd#
                dnat IP to IP daddr . meta l4proto . th dport map @fwd_range#
            }
            chain any# {
                dnat IP to meta l4proto . th dport map @fwd_any#
                dnat IP to meta l4proto . th dport map @fwd_any_range#
            }
            chain outer# {
                IP daddr @inner# return
                IP daddr @float_guard# jump check_float#
                IP daddr . meta l4proto . th dport @guard# jump check#
                jump exact#
                fib daddr type != local return
                meta l4proto . th dport @guard_any# jump check_any#
                goto any#
            }
            chain own# {
                IP daddr @inner# return
                IP daddr LOOPBACK return
                jump exact#
                fib daddr type != local return
                goto any#
            }

        """;

    private const string Inbound = """
            chain limits {
                oifname vmap @rate_net
                oifname vmap @conn_net
                ip daddr . meta l4proto . th dport vmap @rate4
                ip daddr . meta l4proto . th dport vmap @conn4
                ip6 daddr . meta l4proto . th dport vmap @rate6
                ip6 daddr . meta l4proto . th dport vmap @conn6
            }
            chain inbound {
                ct status & dnat == 0 goto refuse_inbound
                jump limits
                goto tracked
            }
            chain inbound_routed {
                oifname @routed_guard jump check_routed
                jump limits
                goto tracked
            }
            chain check_routed {
                ct status dnat return
                oifname . ip saddr @routed_allow4 return
                oifname . ip6 saddr @routed_allow6 return
                goto refuse_inbound
            }
            chain refuse_inbound {
                iifname @nets goto refuse
                goto refuse_silently
            }

        """;

    // Established first. A forward's packets are counted by its target, which is the destination one way and the source the other.
    private const string Forward = """
            chain tracked {
                ct status & dnat != 0 goto counted
                accept
            }
            chain counted {
                ip daddr . meta l4proto . th dport @count4 accept
                ip saddr . meta l4proto . th sport @count4 accept
                ip6 daddr . meta l4proto . th dport @count6 accept
                ip6 saddr . meta l4proto . th sport @count6 accept
                accept
            }
            chain forward {
                type filter hook forward priority filter; policy accept;
                ct state vmap { established : goto tracked, related : accept, invalid : jump bad }
                iifname . oifname vmap @pairs
                iifname @closed goto refuse
                oifname vmap @into
                iifname @nets goto refuse
            }

        """;

    private const string Nat = """
            chain outer {
                meta nfproto vmap { ipv4 : goto outer4, ipv6 : goto outer6 }
            }
            chain prerouting {
                type nat hook prerouting priority dstnat; policy accept;
                iifname @edges goto outer
                iifname @nets goto outer
            }
            chain output {
                type nat hook output priority -100; policy accept;
                meta nfproto vmap { ipv4 : goto own4, ipv6 : goto own6 }
            }
            chain masquerade_all {
                masquerade
            }
            chain masquerade_hairpin {
                ct status & dnat != 0 masquerade
            }
            chain masquerade_pool {
                snat ip to iifname . oifname map @snat4
                snat ip6 to iifname . oifname map @snat6
                masquerade
            }
            chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                snat ip to ip saddr . oifname map @float_src4
                snat ip6 to ip6 saddr . oifname map @float_src6
                iifname . oifname vmap @leaving
            }

        """;

    // Machines get DHCP, DNS and ICMP from the host; its other services only where host access is declared.
    private const string Input = """
            chain services {
                ct state vmap { established : accept, related : accept, invalid : drop }
                meta l4proto { icmp, icmpv6 } accept
                udp dport { 67, 547 } accept
                ip6 daddr fe80::/10 meta l4proto { tcp, udp } th dport 53 goto refuse
                meta l4proto { tcp, udp } th dport 53 fib daddr . iif type local accept
                iifname @host_access accept
                goto refuse
            }
            chain input {
                type filter hook input priority filter; policy accept;
                iifname @nets goto services
            }

        """;
}
