using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Drivers.Nft;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>
/// What a machine may write into its tap, frame by frame. After each frame comes one that always passes: when that has arrived and the frame has
/// not, it was dropped. Every bad frame is also written to a tap without policy, where it must pass: so it is the policy that drops it.
/// </summary>
public sealed class SpoofTests : IDisposable
{
    private const string Mac = "52:54:00:00:00:0a", VictimMac = "52:54:00:00:00:0b", Other = "52:54:00:00:00:66";
    private const string Ip = "10.50.0.10", VictimIp = "10.50.0.11", Gateway = "10.50.0.1";
    private const string Ip6 = "fd00:50::a", VictimIp6 = "fd00:50::b", Gateway6 = "fd00:50::1";
    private const string LinkLocal = "fe80::5054:ff:fe00:a", Eui = "fd00:50::5054:ff:fe00:a";
    private readonly PolicyLab _lab = new();
    private readonly Dictionary<string, TapDevice> _taps = [];

    public void Dispose()
    {
        foreach (var t in _taps.Values) t.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public void Nothing_bad_passes_a_guarded_tap_and_all_of_it_passes_one_without_policy()
    {
        Apply("guarded");
        foreach (var (name, frame) in s_bad)
        {
            Assert.False(Passes("a", frame), $"passed: {name}");
            Assert.True(Passes("free", frame), $"no frame that could pass: {name}");
        }
        Assert.Equal(s_bad.Count, _lab.Counter("spoofed", "bridge weft"));
        var (tap, dropped) = Assert.Single(_lab.Host.Run(Spoofers));
        Assert.Equal((_lab.Port("a").Tap, (ulong)s_bad.Count), (tap, dropped.Packets));
    }

    private static IReadOnlyDictionary<string, (ulong Packets, ulong Bytes)> Spoofers()
    {
        using var driver = new NftDriver();
        Assert.Equal(s_bad.Count, (int)driver.NamedCounters().Single(c => c.Name == "spoofed").Packets);
        return driver.Spoofers();
    }

    [Fact]
    public void Everything_good_passes_a_guarded_tap()
    {
        Apply("guarded");
        foreach (var (name, frame) in s_good) Assert.True(Passes("a", frame), $"dropped: {name}");
        Assert.Equal(0, _lab.Counter("spoofed", "bridge weft"));
    }

    [Fact]
    public void The_link_local_address_of_the_host_is_nobodys()
    {
        Apply("guarded");
        var router = _lab.Resources.OfType<BridgeResource>().Single().Mac.Eui64(IpPrefix.Parse("fe80::/64")).ToString();
        Assert.False(Passes("a", Frames.Udp6(Mac, VictimMac, router, "ff02::1", 1000, 1000)));
        Assert.False(Passes("a", Frames.Advertisement(Mac, LinkLocal, router)));
    }

    [Fact]
    public void A_machine_that_makes_its_own_addresses_keeps_to_the_prefix_and_is_not_the_gateway()
    {
        Apply("slaac");
        const string made = "fd00:50::1234:5678:9abc:def0";
        Assert.True(Passes("a", Frames.Udp6(Mac, VictimMac, made, VictimIp6, 1000, 1000)));
        Assert.True(Passes("a", Frames.Advertisement(Mac, made, made)));
        Assert.False(Passes("a", Frames.Udp6(Other, VictimMac, made, VictimIp6, 1000, 1000)));
        Assert.False(Passes("a", Frames.Udp6(Mac, VictimMac, "fd00:51::1", VictimIp6, 1000, 1000)));
        Assert.False(Passes("a", Frames.Udp6(Mac, VictimMac, Gateway6, VictimIp6, 1000, 1000)));
        Assert.False(Passes("a", Frames.Advertisement(Mac, LinkLocal, Gateway6)));
        Assert.False(Passes("a", Frames.Advertisement(Mac, LinkLocal, "fd00:51::1")));
    }

    [Fact]
    public void Where_somebody_else_gives_the_addresses_a_machine_is_held_to_its_mac()
    {
        Apply("bridge");
        foreach (var name in new[] { "IPv4 from another address", "ARP for the victim's address", "IPv6 from another address", "advertisement of the victim's address" })
            Assert.True(Passes("a", s_bad[name]), $"dropped: {name}");
        foreach (var name in new[] { "IPv4 from another MAC", "ARP from another MAC", "ARP that tells another MAC", "IPv6 from another MAC", "router advertisement", "redirect",
                     "DHCP server", "DHCPv6 server", "first fragment that hides its protocol", "first fragment that hides its ICMP type", "first fragment that hides its ports", "BPDU", "PPPoE discovery" })
            Assert.False(Passes("a", s_bad[name]), $"passed: {name}");
        foreach (var (name, frame) in s_good) Assert.True(Passes("a", frame), $"dropped: {name}");
    }

    [Fact]
    public void A_tap_that_is_not_guarded_sends_what_it_likes_except_what_belongs_to_the_bridge()
    {
        Apply("loose");
        Assert.True(Passes("a", s_bad["IPv4 from another address"]));
        Assert.True(Passes("a", s_bad["ARP for the gateway"]));
        Assert.False(Passes("a", s_bad["BPDU"]));
    }

    private static readonly Dictionary<string, byte[]> s_bad = new()
    {
        ["IPv4 from another MAC"] = Frames.Udp4(Other, VictimMac, Ip, VictimIp, 1000, 1000),
        ["IPv4 from another address"] = Frames.Udp4(Mac, VictimMac, "10.50.0.66", VictimIp, 1000, 1000),
        ["IPv4 from the victim's address"] = Frames.Udp4(Mac, VictimMac, VictimIp, VictimIp, 1000, 1000),
        ["IPv4 from nowhere that is no DHCP"] = Frames.Udp4(Mac, VictimMac, "0.0.0.0", VictimIp, 1000, 1000),
        ["IPv4 from another address in a VLAN"] = Frames.Tagged(Frames.Udp4(Mac, VictimMac, "10.50.0.66", VictimIp, 1000, 1000), 7),
        ["IPv4 in two VLAN tags"] = Frames.Tagged(Frames.Tagged(Frames.Udp4(Mac, VictimMac, Ip, VictimIp, 1000, 1000), 7), 8),
        ["ARP from another MAC"] = Frames.Arp(Other, Mac, Ip, VictimIp),
        ["ARP that tells another MAC"] = Frames.Arp(Mac, Other, Ip, VictimIp),
        ["ARP for the victim's address"] = Frames.Arp(Mac, Mac, VictimIp, VictimIp),
        ["ARP for the gateway"] = Frames.Arp(Mac, Mac, Gateway, VictimIp),
        ["ARP for the gateway in a VLAN"] = Frames.Tagged(Frames.Arp(Mac, Mac, Gateway, VictimIp), 7),
        ["gratuitous ARP request for the gateway"] = Frames.Arp(Mac, Mac, Gateway, Gateway, operation: 1),
        ["IPv6 from another MAC"] = Frames.Udp6(Other, VictimMac, Ip6, VictimIp6, 1000, 1000),
        ["IPv6 from another address"] = Frames.Udp6(Mac, VictimMac, "fd00:50::66", VictimIp6, 1000, 1000),
        ["IPv6 from the victim's address"] = Frames.Udp6(Mac, VictimMac, VictimIp6, VictimIp6, 1000, 1000),
        ["IPv6 from the world"] = Frames.Udp6(Mac, VictimMac, "2001:db8::66", VictimIp6, 1000, 1000),
        ["advertisement of the victim's address"] = Frames.Advertisement(Mac, LinkLocal, VictimIp6),
        ["advertisement of the gateway"] = Frames.Advertisement(Mac, Ip6, Gateway6),
        ["advertisement of the gateway in a VLAN"] = Frames.Tagged(Frames.Advertisement(Mac, Ip6, Gateway6), 7),
        ["router advertisement"] = Frames.Icmp6(Mac, Frames.AllNodes, LinkLocal, "ff02::1", 134, new byte[12]),
        ["router advertisement behind options"] = Frames.Ip6(Mac, Frames.AllNodes, LinkLocal, "ff02::1", 60, [.. Frames.Options(58), 134, 0, 0, 0, .. new byte[12]]),
        ["router advertisement, first fragment"] = Frames.Ip6(Mac, Frames.AllNodes, LinkLocal, "ff02::1", 44, [.. Frames.Fragment(58, 0, true), 134, 0, 0, 0, .. new byte[12]]),
        ["first fragment that hides its protocol"] = Frames.Ip6(Mac, Frames.AllNodes, LinkLocal, "ff02::1", 44, [.. Frames.Fragment(60, 0, true)]),
        ["first fragment that hides its ICMP type"] = Frames.Ip6(Mac, Frames.AllNodes, LinkLocal, "ff02::1", 44, [.. Frames.Fragment(60, 0, true), .. Frames.Options(58)]),
        ["first fragment that hides its ports"] = Frames.Ip6(Mac, VictimMac, LinkLocal, VictimIp6, 44, [.. Frames.Fragment(60, 0, true), .. Frames.Options(17)]),
        ["redirect"] = Frames.Icmp6(Mac, VictimMac, LinkLocal, VictimIp6, 137, new byte[36]),
        ["DHCP server"] = Frames.Udp4(Mac, VictimMac, Ip, VictimIp, 67, 68),
        ["DHCP server without address"] = Frames.Udp4(Mac, Frames.Broadcast, "0.0.0.0", "255.255.255.255", 67, 68),
        ["DHCPv6 server"] = Frames.Udp6(Mac, VictimMac, LinkLocal, VictimIp6, 547, 546),
        ["BPDU"] = Frames.Ethernet(Mac, "01:80:c2:00:00:00", 38, new byte[46]),
        ["PPPoE discovery"] = Frames.Ethernet(Mac, Frames.Broadcast, 0x8863, new byte[46]),
    };

    private static readonly Dictionary<string, byte[]> s_good = new()
    {
        ["IPv4"] = Frames.Udp4(Mac, VictimMac, Ip, VictimIp, 1000, 1000),
        ["IPv4 in a VLAN"] = Frames.Tagged(Frames.Udp4(Mac, VictimMac, Ip, VictimIp, 1000, 1000), 7),
        ["IPv4 to everybody"] = Frames.Udp4(Mac, Frames.Broadcast, Ip, "10.50.0.255", 1000, 1000),
        ["ICMP"] = Frames.Ip4(Mac, VictimMac, Ip, VictimIp, 1, [8, 0, 0, 0, 0, 1, 0, 1]),
        ["ARP answer"] = Frames.Arp(Mac, Mac, Ip, VictimIp),
        ["ARP request"] = Frames.Arp(Mac, Mac, Ip, VictimIp, operation: 1),
        ["ARP probe"] = Frames.Arp(Mac, Mac, "0.0.0.0", Ip, operation: 1),
        ["DHCP client"] = Frames.Udp4(Mac, Frames.Broadcast, "0.0.0.0", "255.255.255.255", 68, 67),
        ["IPv6"] = Frames.Udp6(Mac, VictimMac, Ip6, VictimIp6, 1000, 1000),
        ["IPv6 from the address of its MAC"] = Frames.Udp6(Mac, VictimMac, Eui, VictimIp6, 1000, 1000),
        ["IPv6 link-local"] = Frames.Udp6(Mac, VictimMac, LinkLocal, VictimIp6, 1000, 1000),
        ["DHCPv6 client"] = Frames.Udp6(Mac, "33:33:00:01:00:02", LinkLocal, "ff02::1:2", 546, 547),
        ["solicitation for a duplicate"] = Frames.Icmp6(Mac, "33:33:ff:00:00:0a", "::", "ff02::1:ff00:a", 135, new byte[20]),
        ["router solicitation"] = Frames.Icmp6(Mac, "33:33:00:00:00:02", LinkLocal, "ff02::2", 133, new byte[4]),
        ["listener report"] = Frames.Icmp6(Mac, "33:33:00:00:00:16", LinkLocal, "ff02::16", 143, new byte[4]),
        ["advertisement of its own address"] = Frames.Advertisement(Mac, Ip6, Ip6),
        ["advertisement of its link-local address"] = Frames.Advertisement(Mac, LinkLocal, LinkLocal),
        ["echo"] = Frames.Icmp6(Mac, VictimMac, Ip6, VictimIp6, 128, new byte[8]),
        ["echo, first fragment"] = Frames.Ip6(Mac, VictimMac, Ip6, VictimIp6, 44, [.. Frames.Fragment(58, 0, true), 128, 0, 0, 0, .. new byte[12]]),
        ["echo, later fragment"] = Frames.Ip6(Mac, VictimMac, Ip6, VictimIp6, 44, [.. Frames.Fragment(58, 16, false), .. new byte[24]]),
        ["later fragment of something"] = Frames.Ip6(Mac, VictimMac, Ip6, VictimIp6, 44, [.. Frames.Fragment(60, 16, false), .. new byte[24]]),
        ["UDP, later fragment"] = Frames.Ip6(Mac, VictimMac, Ip6, VictimIp6, 44, [.. Frames.Fragment(17, 16, false), .. new byte[24]]),
    };

    private void Apply(string kind)
    {
        var bridged = kind == "bridge";
        _lab.Apply($$"""
            version: 1
            name: lab
            networks:
              dev: { mode: {{(bridged ? "bridge" : "nat, subnets: [10.50.0.0/24, \"fd00:50::/64\"]")}}{{(kind == "slaac" ? ", dhcp: { stateful6: false }" : "")}}, default_port: allow }
            machines:
              a: { network: dev, mac: "{{Mac}}"{{(bridged ? "" : $", address: [{Ip}, \"{Ip6}\"]")}}{{(kind == "loose" ? ", anti_spoof: false" : "")}} }
              b: { network: dev, mac: "{{VictimMac}}"{{(bridged ? "" : $", address: [{VictimIp}, \"{VictimIp6}\"]")}} }
            """, machines: false);
        Tap("a", _lab.Port("a").Tap);
        Tap("b", _lab.Port("b").Tap);
        Tap("free", "free0");
    }

    private void Tap(string name, string link)
    {
        _taps[name] = _lab.Host.Run(() => TapDevice.Open(link));
        _lab.Join(link, "dev");
    }

    private bool Passes(string tap, byte[] frame)
    {
        // Of a type that only the tap without policy may send; it carries nothing that could be the frame under test.
        var last = Frames.Ethernet(Other, VictimMac, 0x88b5, new byte[46]);
        _taps[tap].Write(frame);
        _taps["free"].Write(last);
        var buffer = new byte[2000];
        for (var passed = false; ;)
        {
            var n = _taps["b"].Read(buffer, Talk.PatientMs);
            Assert.True(n > 0, "the frame that always passes did not arrive");
            var read = buffer.AsSpan(0, n);
            if (read.SequenceEqual(last)) return passed;
            passed |= read.SequenceEqual(frame);
        }
    }
}
