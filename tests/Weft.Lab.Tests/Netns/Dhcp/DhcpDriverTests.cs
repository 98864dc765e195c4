using Xunit;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Dhcp;
using static Weft.Lab.Tests.Netns.Dhcp.DhcpLab;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>Machines are given what was declared, names are answered, and what is read back is what was applied.</summary>
public sealed class DhcpDriverTests
{
    [Fact]
    public async Task A_declared_machine_is_given_its_address_by_its_mac()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var web = Machine("dev", 1, 5, "web1");
        lab.Create(Scope("dev", 1), web);
        var given = DhcpClientRun.Udhcpc(lab.Attach("dev", web.Mac));
        Assert.Equal("10.20.1.5", given["ip"]);
        Assert.Equal("24", given["mask"]);
        Assert.Equal("10.20.1.1", given["router"]);
        Assert.Equal("10.20.1.1", given["dns"]);
        Assert.Equal("1400", given["mtu"]);
        Assert.Equal("600", given["lease"]);
        Assert.Equal("dev.weft", given["domain"]);
        var lease = Assert.Single(await lab.Leases(1));
        Assert.Equal(("10.20.1.5", web.Mac, "web1", "dev", "dev"), (lease.Address.ToString(), lease.Mac!.Value, lease.Name, lease.Link, lease.Network));
    }

    [Fact]
    public async Task A_declared_machine_is_given_its_IPv6_address_by_its_mac()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var web = Machine("dev", 1, 5, "web1");
        lab.Create(Scope("dev", 1), web);
        var machine = lab.Attach("dev", web.Mac);
        WaitForLinkLocal(machine);
        Assert.Equal("fd00:1::5", DhcpClientRun.Dhclient6(machine, Path.Combine(lab.Paths.State, "client"))["new_ip6_address"]);
        Assert.Equal("fd00:1::5", Assert.Single(await lab.Leases(1)).Address.ToString());
    }

    [Fact]
    public void A_machine_that_is_not_declared_is_given_one_of_the_range_or_none()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1, v6: false));
        var machine = lab.Attach("dev", new MacAddress(0x0a00000000ff));
        var address = System.Net.IPAddress.Parse(DhcpClientRun.Udhcpc(machine)["ip"]).GetAddressBytes();
        Assert.InRange(address[3], 192, 254);
        lab.Apply(new Step(Scope("dev", 1, v6: false), Scope("dev", 1, v6: false, unknown: false), "test"));
        Assert.Throws<InvalidOperationException>(() => DhcpClientRun.Udhcpc(machine, "-t", "2"));
    }

    [Fact]
    public void An_isolated_network_announces_no_router()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var web = Machine("dev", 1, 5, "web1");
        lab.Create(Scope("dev", 1) with { Router = false }, web);
        var given = DhcpClientRun.Udhcpc(lab.Attach("dev", web.Mac));
        Assert.Equal("10.20.1.5", given["ip"]);
        Assert.False(given.ContainsKey("router"));
    }

    [Fact]
    public void Names_are_answered_to_machines_and_to_the_host()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var web = Machine("dev", 1, 5, "web1");
        lab.Create(Scope("dev", 1) with { Records = [new("db", System.Net.IPAddress.Parse("192.0.2.7"))] }, web);
        var machine = lab.Attach("dev", web.Mac);
        machine.Ip("address", "add", "10.20.1.5/24", "dev", "eth0");
        Assert.Equal("10.20.1.5", DnsQuery.Ask(machine, "10.20.1.1", "web1.dev.weft"));
        Assert.Equal("fd00:1::5", DnsQuery.Ask(lab.Host, "127.0.0.87", "web1.dev.weft", v6: true));
        Assert.Equal("192.0.2.7", DnsQuery.Ask(machine, "10.20.1.1", "db.dev.weft"));
        Assert.Equal("web1.dev.weft", DnsQuery.Reverse(machine, "10.20.1.1", "5.1.20.10.in-addr.arpa"));
        Assert.Equal("rcode 3", DnsQuery.Ask(machine, "10.20.1.1", "nobody.dev.weft"));
    }

    [Fact]
    public void Routers_are_advertised_with_the_MTU_and_machines_make_addresses_of_their_own()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var scope = Scope("dev", 1);
        lab.Create(scope with { Ranges = [scope.Ranges[0], Range6(1, unknown: true, stateful: false)] });
        var machine = lab.Attach("dev", new MacAddress(0x0a0000000105));
        WaitForLinkLocal(machine);
        var said = machine.Exec("rdisc6", "-1", "eth0");
        Assert.Matches(@"Router lifetime +: +1800 ", said);
        Assert.Matches(@"MTU +: +1400 ", said);
        Assert.Matches(@"Prefix +: fd00:1::/64", said);
        Assert.Matches(@"Autonomous address conf\. *: +Yes", said);
        Assert.True(System.Text.RegularExpressions.Regex.IsMatch(said, @"Recursive DNS server *: fd00:1::1"), said);
        Assert.Matches(@"DNS search list +: +dev\.weft", said);
    }

    [Fact]
    public void Two_networks_may_have_machines_of_one_name()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Bridge("ops", 2);
        var (one, two) = (Machine("dev", 1, 5, "web1"), Machine("ops", 2, 5, "web1"));
        lab.Create(Scope("dev", 1), Scope("ops", 2), one, two);
        Assert.Equal("10.20.1.5", DhcpClientRun.Udhcpc(lab.Attach("dev", one.Mac))["ip"]);
        Assert.Equal("10.20.2.5", DhcpClientRun.Udhcpc(lab.Attach("ops", two.Mac))["ip"]);
        Assert.Equal("10.20.1.5", DnsQuery.Ask(lab.Host, "127.0.0.87", "web1.dev.weft"));
        Assert.Equal("10.20.2.5", DnsQuery.Ask(lab.Host, "127.0.0.87", "web1.ops.weft"));
        Assert.Equal("rcode 3", DnsQuery.Ask(lab.Host, "127.0.0.87", "web1.weft.invalid"));
    }

    [Fact]
    public void What_was_applied_is_read_back_and_applied_again_changes_nothing()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        Resource[] all = [Scope("dev", 1), Machine("dev", 1, 5, "web1"), Machine("dev", 1, 6, "web2")];
        lab.Create(all);
        var pid = lab.Pid;
        Assert.Equal(all, lab.Read());
        Assert.Equal(all[1..2], lab.Read(all[1].Key));
        Assert.Equal(all[..1], lab.Read(all[0].Key, new(ResourceKind.DhcpHost, "dev 0a:00:00:00:00:99"), new(ResourceKind.DhcpScope, "other")));
        lab.Create(all);
        Assert.Equal(pid, lab.Pid);
    }

    internal static void WaitForLinkLocal(Weft.Tests.TestNamespace machine)
    {
        // A link-local address may be used when no other machine has answered for it.
        for (var i = 0; i < 300 && !machine.Ip("-6", "address", "show", "dev", "eth0", "scope", "link", "-tentative").Contains("fe80", StringComparison.Ordinal); i++)
            TestContext.Current.CancellationToken.WaitHandle.WaitOne(20);
    }
}
