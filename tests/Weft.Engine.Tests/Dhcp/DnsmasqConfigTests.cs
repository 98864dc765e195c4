using System.Net;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Dhcp;
using Xunit;

namespace Weft.Engine.Tests.Dhcp;

/// <summary>The text that dnsmasq is started with.</summary>
public sealed class DnsmasqConfigTests
{
    private static readonly DhcpPaths s_paths = new("/var/lib/weft/dhcp", "/run/weft/host/dhcp");

    private static DhcpScopeResource Scope(string link = "wb-dev") => new("lab", "dev", link)
    {
        Ranges = [Range("10.20.0.0/24", 192, 254), Range("fd00:20::/64", 0x10000, 0x1ffff)],
        Domain = "dev.weft",
        Mtu = 1450,
    };

    private static DhcpRange Range(string net, int first, int last) => new(IpPrefix.Parse(net), IpPrefix.Parse(net).Nth(1), IpPrefix.Parse(net).Nth(first), IpPrefix.Parse(net).Nth(last), false);

    private static string Text(params DhcpScopeResource[] scopes) => DnsmasqConfig.Write(scopes, s_paths, "dnsmasq").Text;

    [Fact]
    public void A_network_of_both_families()
    {
        var text = Text(Scope());
        foreach (var line in new[]
        {
            "user=dnsmasq", "bind-dynamic", "interface=wb-dev", "dhcp-option=tag:wb-dev,option:mtu,1450",
            "dhcp-range=set:wb-dev/0,10.20.0.192,10.20.0.254,255.255.255.0,3600", "dhcp-option=tag:wb-dev/0,option:router,10.20.0.1",
            "dhcp-range=set:wb-dev/1,fd00:20::1:0,fd00:20::1:ffff,64,3600", "ra-param=wb-dev,mtu:1450,600,1800",
            "domain=dev.weft,10.20.0.0/24", "local=/dev.weft/", "dhcp-option=tag:wb-dev,option6:dns-server,[fd00:20::1]", "listen-address=127.0.0.87", "resolv-file=/etc/resolv.conf",
        }) Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("option:dns-server", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_declared_machines_and_addresses_of_their_own()
    {
        var scope = Scope();
        var text = Text(scope with { Ranges = [scope.Ranges[0] with { StaticOnly = true }, scope.Ranges[1] with { Stateful = false }] });
        Assert.Contains("dhcp-range=set:wb-dev/0,10.20.0.0,static,255.255.255.0,3600\n", text, StringComparison.Ordinal);
        Assert.Contains("dhcp-range=set:wb-dev/1,fd00:20::,ra-stateless,64,3600\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_isolated_network_has_no_router_and_asks_nobody_upstream()
    {
        var text = Text(Scope() with { Router = false, Records = [new("in", IPAddress.Parse("10.20.0.9")), new("db", IPAddress.Parse("192.0.2.7"))] });
        Assert.Contains("\nauth-server=weft.invalid,10.20.0.1,fd00:20::1\nauth-zone=dev.weft,10.20.0.0/24,fd00:20::/64,192.0.2.7/32\n", text, StringComparison.Ordinal);
        Assert.Contains("dhcp-option=tag:wb-dev/0,option:router\n", text, StringComparison.Ordinal);
        Assert.Contains("ra-param=wb-dev,mtu:1450,600,0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nno-resolv\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_that_clients_are_told_and_servers_that_are_asked()
    {
        var text = Text(Scope() with { DnsServers = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")], Forwarders = [IPAddress.Parse("192.0.2.53")] });
        Assert.Contains("dhcp-option=tag:wb-dev,option:dns-server,192.0.2.1\n", text, StringComparison.Ordinal);
        Assert.Contains("dhcp-option=tag:wb-dev,option6:dns-server,[2001:db8::1]\n", text, StringComparison.Ordinal);
        Assert.Contains("no-resolv\nserver=192.0.2.53\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_DNS_no_port_is_opened_and_no_server_told()
    {
        var text = Text(Scope() with { Dns = false });
        Assert.Contains("\nport=0\n", text, StringComparison.Ordinal);
        Assert.Contains("dhcp-option=tag:wb-dev,option:dns-server\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Machines_and_records_do_not_change_the_text_and_the_order_of_scopes_neither()
    {
        Assert.Equal(Text(Scope()), Text(Scope() with { Records = [new("db", IPAddress.Loopback)] }));
        Assert.Equal(Text(Scope("a"), Scope("b")), Text(Scope("b"), Scope("a")));
        Assert.NotEqual(DnsmasqConfig.Write([Scope()], s_paths, "dnsmasq").Hash, DnsmasqConfig.Write([Scope() with { Mtu = 9000 }], s_paths, "dnsmasq").Hash);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("a*")]
    [InlineData("a\nuser=root")]
    [InlineData("a#")]
    [InlineData("")]
    public void A_link_name_with_syntax_is_refused(string link) => Assert.Throws<DhcpException>(() => Text(Scope(link)));

    [Theory]
    [InlineData("dev.weft\nserver=192.0.2.1")]
    [InlineData("dev..weft")]
    [InlineData("dev/weft")]
    [InlineData("dev,weft")]
    public void A_domain_with_syntax_is_refused(string domain) => Assert.Throws<DhcpException>(() => Text(Scope() with { Domain = domain }));

    [Fact]
    public void A_path_with_syntax_is_refused() =>
        Assert.Throws<DhcpException>(() => DnsmasqConfig.Write([Scope()], s_paths with { State = "/tmp/a,b" }, "dnsmasq"));

    [Fact]
    public void Every_account_is_found_or_said_to_be_missing()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n");
        Assert.Equal("nobody", Account.Choose(file));
        File.AppendAllText(file, "dnsmasq:x:999:65534::/:/bin/false\n");
        Assert.Equal("dnsmasq", Account.Choose(file));
        File.WriteAllText(file, "root:x:0:0::/:/bin/sh\n");
        Assert.Contains("dnsmasq-base", Assert.Throws<DhcpException>(() => Account.Choose(file)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
