namespace Weft.Core.Policy;

/// <summary>
/// Chains of table bridge weft. A frame of a guarded tap meets: the verdict map of taps, one of protocols, one set of (tap, MAC, address).
/// Everything else is the slow path. Every rule asks "meta protocol" first: it is the inner one when the frame carries a VLAN tag, where the
/// Ethernet type that nft would ask for by itself is the tag's.
/// </summary>
internal static class BridgeChains
{
    // Only who spoofs pays for being counted: a tap's element is made by its first such frame, and goes a day after the last, so that taps which are gone leave none.
    // IPv6: what passes is said, not what does not. A rule whose header is not in the frame is passed over, and a first fragment may leave its headers
    // to the next one (RFC 7112): a router advertisement could hide there. Later fragments say nothing without their first.
    // Addresses that somebody else gives are learnt where machines tell neighbours of them: by ARP, and by asking for a neighbour in IPv6. A set that is full learns no more, and what is said passes all the same.
    // 0x8035 is RARP: what QEMU sends for a machine that has come from another host, so that switches learn the new place (net/announce.c of QEMU).
    // @th,64,128 is the target address of a neighbour advertisement (RFC 4861 4.4); nft before 1.0.7 has no name for it.
    private const string Common = """
            set spoofers { type ifname; size 65536; flags dynamic,timeout; timeout 1d; }
            set seen4 { type ifname . ether_addr . ipv4_addr; size 65536; flags dynamic,timeout; timeout 1d; }
            set seen6 { type ifname . ether_addr . ipv6_addr; size 65536; flags dynamic,timeout; timeout 1d; }
            counter spoofed { }
            chain spoof {
                counter name spoofed
                update @spoofers { iifname counter }
                drop
            }
            chain sends4 {
                meta l4proto udp udp sport 67 goto spoof
                accept
            }
            chain slow4 {
                iifname . ether saddr != @macs goto spoof
                meta protocol ip ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept
                iifname @any4 goto sends4
                goto spoof
            }
            chain guard4 {
                meta protocol ip iifname . ether saddr . ip saddr @source4 goto sends4
                goto slow4
            }
            chain guard_arp {
                iifname . ether saddr != @macs goto spoof
                meta protocol arp iifname . arp saddr ether != @macs goto spoof
                meta protocol arp iifname . arp saddr ether . arp saddr ip @source4 accept
                meta protocol arp arp saddr ip 0.0.0.0 accept
                meta protocol arp iifname @any4 update @seen4 { iifname . arp saddr ether . arp saddr ip }
                iifname @any4 accept
                goto spoof
            }
            chain neighbour {
                meta l4proto icmpv6 icmpv6 type { nd-router-advert, nd-redirect } goto spoof
                iifname @any6 icmpv6 type nd-neighbor-solicit ip6 saddr != { ::, fe80::/10 } update @seen6 { iifname . ether saddr . ip6 saddr }
                meta l4proto icmpv6 icmpv6 type != nd-neighbor-advert accept
                iifname . @th,64,128 @router_targets goto spoof
                @th,64,10 0x3fa accept
                iifname . ether saddr . @th,64,128 @targets accept
                iifname . @th,64,128 @slaac_targets accept
                icmpv6 type nd-neighbor-advert iifname @any6 accept
                frag frag-off != 0 accept
                goto spoof
            }
            chain sends6 {
                meta l4proto icmpv6 goto neighbour
                meta l4proto udp udp sport != 547 accept
                meta l4proto != udp accept
                frag frag-off != 0 accept
                goto spoof
            }
            chain slow6 {
                iifname . ether saddr != @macs goto spoof
                meta protocol ip6 iifname . ip6 saddr @routers goto spoof
                meta protocol ip6 ip6 saddr { ::, fe80::/10 } goto sends6
                meta protocol ip6 iifname . ip6 saddr @slaac goto sends6
                iifname @any6 goto sends6
                goto spoof
            }
            chain guard6 {
                meta protocol ip6 iifname . ether saddr . ip6 saddr @source6 goto sends6
                goto slow6
            }
            chain guard {
                meta protocol vmap { ip : goto guard4, ip6 : goto guard6, arp : goto guard_arp }
                meta protocol 0x8035 iifname . ether saddr @macs accept
                goto spoof
            }
            chain loose {
                ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 goto spoof
                accept
            }
            counter strangers { }
            chain stranger {
                counter name strangers drop
            }

        """;

    // A known port is done with after its one look-up. What is left is a stranger, or on a bridge that is not Weft's.
    /// <summary>The whole text, for kernels that tell a frame's bridge (CONFIG_NFT_BRIDGE_META): a stranger's frame is dropped before the bridge learns from it.</summary>
    public const string ByBridge = Common + """
            chain prerouting {
                type filter hook prerouting priority -300; policy accept;
                iifname vmap @ports
                meta ibrname vmap @bridges
            }

        """;

    // A port is on one bridge: when one end of a frame's way is a member and the other is not, the other is a stranger on the same bridge.
    /// <summary>
    /// The whole text, for all kernels. A stranger's frame is dropped on its way to a port of Weft's, one to it likewise. Strangers among themselves, and what
    /// they send to all and so to the host too, are not seen before their links are known.
    /// </summary>
    public const string ByMember = Common + """
            chain prerouting {
                type filter hook prerouting priority -300; policy accept;
                iifname vmap @ports
            }
            chain forward {
                type filter hook forward priority -300; policy accept;
                iifname @members oifname @members accept
                iifname @members goto stranger
                oifname @members goto stranger
            }
            chain input {
                type filter hook input priority -300; policy accept;
                ether daddr @own_macs iifname != @members goto stranger
            }
            chain output {
                type filter hook output priority -300; policy accept;
                ether saddr @own_macs oifname != @members goto stranger
            }

        """;
}
