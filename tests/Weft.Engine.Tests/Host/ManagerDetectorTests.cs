using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Host;
using Weft.Engine.Host.Managers;
using Xunit;

namespace Weft.Engine.Tests.Host;

public sealed class ManagerDetectorTests : IDisposable
{
    private const string Mac = "02:00:00:00:00:05";
    private readonly FakeRoot _root = new();
    private readonly List<HostProcess> _processes = [];

    public void Dispose() => _root.Dispose();

    private static Nic Eth(string name, string? bridge = null, string kind = "", bool wireless = false) => new(7, name, [name, "lan"], [Mac], kind, wireless, "virtio_net", bridge);

    private IReadOnlyList<NicManager> Found(Nic nic) => ManagerDetector.Detect([nic], new HostTree(_root.Folder), _processes, files: true);

    private IReadOnlyList<NicManager> Detect(Nic nic) => [.. Found(nic).Select(m => m with { Settings = null, LeaseEnds = false })];

    private void Running(string name, params string[] arguments) => _processes.Add(new(42, name, [.. arguments], "/bin/sh", IsRoots: true));

    [Fact]
    public void Nobody_configures_a_nic_of_an_empty_host() => Assert.Empty(Detect(Eth("eth1")));

    [Fact]
    public void Networkd_takes_the_first_file_that_matches()
    {
        _root.Enable("systemd-networkd.service")
            .Write("/etc/systemd/network/20-all.network", "[Match]\nName=*\n[Network]\nAddress=192.0.2.1/24\n")
            .Write("/usr/lib/systemd/network/10-eth.network", "[Match]\nName=en* eth[0-3]\n\n[Network]\nDHCP=yes\n")
            .Write("/etc/systemd/network/05-other.network", "[Match]\nName=!eth*\n[Network]\nDHCP=no\n");
        Assert.Equal([new NicManager("eth1", "networkd", "/usr/lib/systemd/network/10-eth.network", true)], Detect(Eth("eth1")));
        Assert.Equal([new NicManager("eth4", "networkd", "/etc/systemd/network/20-all.network", false)], Detect(Eth("eth4")));
        Assert.Equal("/etc/systemd/network/05-other.network", Assert.Single(Detect(Eth("wan0") with { Names = ["wan0"] })).Evidence);
    }

    [Fact]
    public void Files_of_networkd_without_networkd_say_nothing()
    {
        _root.Write("/etc/systemd/network/20-all.network", "[Match]\nName=*\n[Network]\nDHCP=yes\n");
        Assert.Empty(Detect(Eth("eth1")));
        Running("systemd-network", "/usr/lib/systemd/systemd-networkd");
        Assert.Single(Detect(Eth("eth1")));
    }

    [Theory]
    [InlineData("[Match]\nMACAddress=02-00-00-00-00-05\n", true)]
    [InlineData("[Match]\nMACAddress=02:00:00:00:00:06\n", false)]
    [InlineData("[Match]\nType=ether\nKind=!*\n", true)]
    [InlineData("[Match]\nType=wlan\n", false)]
    [InlineData("[Match]\nDriver=virtio*\n", true)]
    [InlineData("[Match]\nName=lan\n", true)]
    [InlineData("[Match]\nName=eth1\n[Link]\nUnmanaged=yes\n", false)]
    [InlineData("[Network]\nDHCP=yes\n", false)]
    [InlineData("# [Match]\n; nothing\n", false)]
    public void Networkd_matches_as_its_manual_says(string file, bool managed)
    {
        _root.Enable("systemd-networkd.service").Write("/etc/systemd/network/10.network", file);
        Assert.Equal(managed, Detect(Eth("eth1")).Count == 1);
    }

    [Fact]
    public void A_drop_in_of_a_file_of_networkd_counts_and_a_masked_file_does_not()
    {
        _root.Enable("systemd-networkd.service").Write("/usr/lib/systemd/network/10-a.network", "[Match]\nName=eth1\n").Mask("/etc/systemd/network/10-a.network")
            .Write("/etc/systemd/network/20-b.network", "[Match]\nName=eth1\n[Network]\nDHCP=no\n").Write("/run/systemd/network/20-b.network.d/dhcp.conf", "[Network]\nDHCP=ipv4\n");
        Assert.Equal([new NicManager("eth1", "networkd", "/etc/systemd/network/20-b.network", true)], Detect(Eth("eth1")));
    }

    [Fact]
    public void What_netplan_wrote_for_networkd_is_netplans()
    {
        _root.Enable("systemd-networkd.service").Write("/run/systemd/network/10-netplan-eth1.network", "[Match]\nName=eth1\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=ipv6\n");
        Assert.Equal([new NicManager("eth1", "netplan", "/run/systemd/network/10-netplan-eth1.network", true)], Detect(Eth("eth1")));
    }

    [Fact]
    public void NetworkManager_takes_every_nic_that_it_is_not_told_to_leave()
    {
        _root.Enable("NetworkManager.service");
        Assert.Equal([new NicManager("eth1", "networkmanager", "/etc/NetworkManager/NetworkManager.conf", true)], Detect(Eth("eth1")));
        _root.Write("/etc/NetworkManager/system-connections/lan.nmconnection", "[connection]\nid=lan\ntype=ethernet\ninterface-name=eth1\n\n[ipv4]\nmethod=manual\naddress1=192.0.2.4/24\n");
        Assert.Equal([new NicManager("eth1", "networkmanager", "/etc/NetworkManager/system-connections/lan.nmconnection", false)], Detect(Eth("eth1")));
    }

    [Fact]
    public void A_lease_of_NetworkManagers_ends_where_no_client_can_go_on_with_it()
    {
        _root.Enable("NetworkManager.service");
        Assert.True(Assert.Single(Found(Eth("eth1"))).LeaseEnds);
        _root.Write("/usr/sbin/dhcpcd", "");
        Assert.False(Assert.Single(Found(Eth("eth1"))).LeaseEnds);
    }

    [Theory]
    [InlineData("[keyfile]\nunmanaged-devices=interface-name:eth*\n", false)]
    [InlineData("[keyfile]\nunmanaged-devices=interface-name:wlan0;mac:02:00:00:00:00:05\n", false)]
    [InlineData("[keyfile]\nunmanaged-devices=*,except:type:wifi,except:type:gsm\n", false)]
    [InlineData("[keyfile]\nunmanaged-devices=*,except:type:ethernet\n", true)]
    [InlineData("[keyfile]\nunmanaged-devices=interface-name:~eth[2-9]\n", true)]
    [InlineData("[keyfile]\nunmanaged-devices=none\n", true)]
    [InlineData("[device-lan]\nmatch-device=interface-name:eth1\nmanaged=0\n", false)]
    [InlineData("[device-lan]\nmatch-device=interface-name:eth2\nmanaged=0\n", true)]
    public void NetworkManager_leaves_out_as_its_manual_says(string file, bool managed)
    {
        _root.Enable("NetworkManager.service").Write("/usr/lib/NetworkManager/conf.d/10-globally.conf", file);
        Assert.Equal(managed, Detect(Eth("eth1")).Count == 1);
    }

    [Fact]
    public void A_file_of_the_administrator_overrides_the_distributions_of_that_name()
    {
        _root.Enable("NetworkManager.service").Write("/usr/lib/NetworkManager/conf.d/10-globally.conf", "[keyfile]\nunmanaged-devices=*\n")
            .Write("/etc/NetworkManager/conf.d/10-globally.conf", "");
        Assert.Single(Detect(Eth("eth1")));
    }

    [Fact]
    public void Ifupdown_keeps_its_nic_from_NetworkManager()
    {
        _root.Enable("NetworkManager.service").Write("/usr/sbin/ifup", "").Write("/etc/NetworkManager/NetworkManager.conf", "[main]\nplugins=ifupdown,keyfile\n\n[ifupdown]\nmanaged=false\n")
            .Write("/etc/network/interfaces", "source interfaces.d/*\nauto lo\niface lo inet loopback\n").Write("/etc/network/interfaces.d/lan", "allow-hotplug eth1\niface eth1 inet dhcp\niface eth1 inet6 auto\n");
        Assert.Equal([new NicManager("eth1", "ifupdown", "/etc/network/interfaces.d/lan", true)], Detect(Eth("eth1")));
        Assert.Equal("networkmanager", Assert.Single(Detect(Eth("eth2"))).Manager);
    }

    [Theory]
    [InlineData("iface eth1 inet manual\n", false)]
    [InlineData("iface eth1 inet static\n  address 192.0.2.3/24\n", true)]
    [InlineData("source /etc/network/interfaces\n", false)]
    [InlineData("# iface eth1 inet dhcp\n", false)]
    [InlineData("iface \\\n  eth1 inet dhcp\n", true)]
    public void Stanzas_are_read_as_interfaces_5_says(string file, bool managed)
    {
        _root.Write("/sbin/ifup", "").Write("/etc/network/interfaces", file);
        Assert.Equal(managed, Detect(Eth("eth1")).Count == 1);
    }

    [Fact]
    public void A_client_on_its_own_is_found_also_when_it_moved_to_the_bridge()
    {
        Running("dhclient", "dhclient", "-nw", "-pf", "/run/x.pid", "wb-lan");
        Assert.Equal([new NicManager("eth1", "dhclient", "process 42", true)], Detect(Eth("eth1", bridge: "wb-lan")));
        Assert.Empty(Detect(Eth("eth1")));
    }

    [Fact]
    public void Dhcpcd_without_a_link_serves_all_but_those_it_denies()
    {
        Running("dhcpcd", "dhcpcd: [manager] [ip4] [ip6]");
        Assert.Equal("dhcpcd", Assert.Single(Detect(Eth("eth1"))).Manager);
        _root.Write("/etc/dhcpcd.conf", "hostname\ndenyinterfaces veth* eth1\n");
        Assert.Empty(Detect(Eth("eth1")));
    }

    [Fact]
    public void What_is_about_layer_3_goes_to_the_bridge_with_drop_ins_and_each_section_by_itself()
    {
        _root.Enable("systemd-networkd.service").Write("/etc/systemd/network/10-eth.network", """
            [Match]
            Name=eth1
            [Link]
            MTUBytes=9000
            # static
            [Network]
            Address=192.0.2.10/24
            VLAN=vlan5
            DNS=192.0.2.53
            [Address]
            Address=192.0.2.11/24
            [Address]
            Address=192.0.2.12/24
            [Bridge]
            Cost=5
            """).Write("/etc/systemd/network/10-eth.network.d/10.conf", "[Network]\nGateway=192.0.2.1\n");
        Assert.Equal("[Network]\nAddress=192.0.2.10/24\nDNS=192.0.2.53\n\n[Address]\nAddress=192.0.2.11/24\n\n[Address]\nAddress=192.0.2.12/24\n\n[Network]\nGateway=192.0.2.1\n",
            Assert.Single(Found(Eth("eth1"))).Settings);
    }

    [Fact]
    public void The_dhcp_client_is_the_same_on_the_bridge_before_and_after_it_moved()
    {
        const string Same = "[Network]\nDHCP=ipv4\n\n[DHCPv4]\nIAID=3735928559\n\n[DHCPv6]\nIAID=3735928559\n";
        _root.Enable("systemd-networkd.service").Write("/etc/systemd/network/10-eth.network", "[Match]\nName=eth1\n[Network]\nDHCP=ipv4\n");
        Assert.Equal("[Network]\nDHCP=ipv4\n", Assert.Single(Found(Eth("eth1"))).Settings);
        _root.Write("/run/systemd/netif/leases/7", "# This is private data. Do not parse.\nADDRESS=192.0.2.10\nCLIENTID=ffdeadbeef00020000ab11\n");
        Assert.Equal(Same, Assert.Single(Found(Eth("eth1"))).Settings);
        File.Delete(_root.Folder + "/run/systemd/netif/leases/7");
        _root.Write("/etc/systemd/network/05-weft-eth1.network", $"{HostFileResource.Mark}\n# weft:lab:office:networkd\n[Match]\nName=eth1\n\n[Link]\nUnmanaged=yes\n")
            .Write("/etc/systemd/network/05-weft-wb-office.network", $"{HostFileResource.Mark}\n# weft:lab:office:networkd\n[Match]\nName=wb-office\n\n{Same}");
        Assert.Equal(Same, Assert.Single(Found(Eth("eth1"))).Settings);
    }

    [Theory]
    [InlineData("[DHCPv4]\nClientIdentifier=mac\n")]
    [InlineData("[DHCPv4]\nIAID=5\n")]
    public void Who_the_file_says_the_client_is_stays(string identity)
    {
        _root.Enable("systemd-networkd.service").Write("/etc/systemd/network/10-eth.network", $"[Match]\nName=eth1\n[Network]\nDHCP=yes\n{identity}")
            .Write("/run/systemd/netif/leases/7", "CLIENTID=ffdeadbeef00020000ab11\n");
        Assert.Equal($"[Network]\nDHCP=yes\n\n{identity}", Assert.Single(Found(Eth("eth1"))).Settings);
    }

    [Theory]
    [InlineData("networkd")]
    [InlineData("networkmanager")]
    public void Wefts_own_drop_in_does_not_change_the_answer(string manager)
    {
        _root.Enable(manager == "networkd" ? "systemd-networkd.service" : "NetworkManager.service")
            .Write("/etc/systemd/network/10-all.network", "[Match]\nName=eth*\n[Network]\nDHCP=yes\n");
        var before = Detect(Eth("eth1"));
        Assert.Equal(manager, Assert.Single(before).Manager);
        _root.Write("/etc/systemd/network/05-weft-eth1.network", $"{HostFileResource.Mark}\n[Match]\nName=eth1\n\n[Link]\nUnmanaged=yes\n")
            .Write("/run/NetworkManager/conf.d/90-weft-wb.conf", $"{HostFileResource.Mark}\n[keyfile]\nunmanaged-devices+=interface-name:eth1\n");
        Assert.Equal(before, Detect(Eth("eth1")));
    }
}
