using System.Net;
using CsCheck;
using Weft.Core.Import;
using Weft.Core.Import.Adopt;
using Weft.Core.Model;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>Projects of networks that are taken over while they carry traffic.</summary>
public sealed class AdopterTests
{
    private const string Status = """
        <networkstatus><class_id bitmap='0-2'/><floor sum='0'/><network><name>default</name><forward mode='nat'/><bridge name='virbr0' stp='on' delay='0'/>
        <ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.100' end='192.168.122.200'/><host mac='52:54:00:00:00:0a' name='web1' ip='192.168.122.10'/></dhcp></ip></network></networkstatus>
        """;

    private static GivenLease Lease(string mac, string address, string? name = null) => new(MacAddress.TryParse(mac, out var m) ? m : default, IPAddress.Parse(address), name);

    private static Imported Adopt(params GivenLease[] leases) => Importing.Sound(Adopter.Libvirt("lv", [new(new ImportSource("default.xml", Status), 1400, leases)]));

    [Fact]
    public void Given_addresses_stay_with_their_machines_and_unknown_machines_go_on()
    {
        var project = Adopt(Lease("52:54:00:00:00:0b", "192.168.122.150", "db1.local"), Lease("52:54:00:00:00:0c", "192.168.122.151"), Lease("52:54:00:00:00:0d", "192.168.122.152", "web1")).Project;
        var network = Assert.Single(project.Networks);
        Assert.Equal(("virbr0", 1400, DefaultPort.Allow), (network.Bridge, network.Mtu, network.DefaultPort));
        Assert.Equal(["web1 52:54:00:00:00:0a 192.168.122.10", "db1 52:54:00:00:00:0b 192.168.122.150", "host-192-168-122-151 52:54:00:00:00:0c 192.168.122.151", "web1-2 52:54:00:00:00:0d 192.168.122.152"],
            project.Machines.Select(m => $"{m.Name} {m.Ports[0].Mac} {m.Ports[0].Addresses[0]}"));
    }

    [Fact]
    public void What_the_network_reserves_is_not_given_to_a_lease()
    {
        var project = Adopt(Lease("52:54:00:00:00:0a", "192.168.122.150", "web1"), Lease("52:54:00:00:00:0e", "192.168.122.10"), Lease("52:54:00:00:00:0f", "10.9.9.9")).Project;
        Assert.Equal("web1 192.168.122.10", string.Join(' ', project.Machines.Select(m => $"{m.Name} {string.Join(' ', m.Ports[0].Addresses)}")));
    }

    [Fact]
    public void A_bridge_keeps_what_it_has()
    {
        var inner = Importing.Sound(Adopter.Bridge("br0", new("br0", 9000, true, null, [IpPrefix.Parse("10.7.0.5/24")]))).Project.Networks.Single();
        Assert.Equal(("br0", 9000, "10.7.0.0/24", "10.7.0.5", true), (inner.Bridge, inner.Mtu, inner.Subnets[0].Prefix.ToString(), inner.Subnets[0].Gateway?.ToString(), inner.Stp?.Enabled));
        var outer = (BridgeNetworkSpec)Importing.Sound(Adopter.Bridge("br0", new("br0", 1500, false, "eth1", [IpPrefix.Parse("10.7.0.5/24")]))).Project.Networks.Single();
        Assert.Equal(("eth1", true, DefaultPort.Allow), (outer.Uplink?.Link, outer.Subnets.IsEmpty, outer.DefaultPort));
    }

    [Fact]
    public void Leases_are_read_as_libvirt_writes_them()
    {
        const string text = """
            [ { "ip-address": "192.168.122.150", "mac-address": "52:54:00:00:00:0b", "hostname": "db1", "client-id": "01:52", "expiry-time": 2000 },
              { "ip-address": "192.168.122.151", "mac-address": "52:54:00:00:00:0c", "expiry-time": 1000 },
              { "ip-address": "fd00::5", "mac-address": "52:54:00:00:00:0b", "expiry-time": 0 }, { "ip-address": 7 }, 5 ]
            """;
        Assert.Equal([Lease("52:54:00:00:00:0b", "192.168.122.150", "db1"), Lease("52:54:00:00:00:0b", "fd00::5")], LibvirtLeases.Read(text, DateTimeOffset.FromUnixTimeSeconds(1500)));
        Assert.Empty(LibvirtLeases.Read("", DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void No_text_of_leases_throws()
    {
        string[] parts = ["[", "]", "{", "}", ",", ":", "\"ip-address\"", "\"mac-address\"", "\"192.168.122.9\"", "\"52:54:00:00:00:0b\"", "\"expiry-time\"", "1e400", "-1", "99999999999999999999", "null", "\"\\u0000\"", "\0", "é"];
        Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[0, 24].Select(string.Concat).Sample(t => Assert.All(LibvirtLeases.Read(t, DateTimeOffset.UnixEpoch), l => Assert.False(l.Mac.IsMulticast)), iter: 2000);
    }

    [Fact]
    public void Routes_texts_and_services_of_libvirt_are_taken_over()
    {
        const string xml = """
            <network><name>dev</name><forward mode='nat'/>
            <dns><txt name='example' value='an example, with a comma'/><srv service='http' protocol='tcp' target='web1' port='80' priority='1' weight='2'/></dns>
            <ip address='10.1.0.1' prefix='24'><dhcp><host mac='52:54:00:00:00:0a' name='router' ip='10.1.0.9'/></dhcp></ip>
            <route address='10.5.0.0' prefix='16' gateway='10.1.0.9' metric='3'/></network>
            """;
        var project = Importing.Sound(Importing.Import("libvirt", new ImportSource("dev.xml", xml))).Project;
        var network = project.Networks.Single();
        Assert.Equal([new DnsTextSpec("example", "an example, with a comma")], network.Dns.Texts);
        Assert.Equal([new DnsServiceSpec("_http._tcp", "web1", 80) { Priority = 1, Weight = 2 }], network.Dns.Services);
        Assert.Equal(("10.5.0.0/16", "10.1.0.9", 3), (network.Routes[0].To.ToString(), network.Routes[0].Via.ToString(), network.Routes[0].Metric));
        Assert.False(project.Machines.Single().Ports[0].AntiSpoof); // what it forwards has other sources than its own
    }
}
