using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Dhcp;
using Xunit;

namespace Weft.Engine.Tests.Dhcp;

/// <summary>What systemd-resolved is told.</summary>
public sealed class HostResolverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-resolver-").FullName;
    private readonly DhcpPaths _paths;
    private readonly HostResolver _resolver;

    public HostResolverTests()
    {
        _paths = new(_folder, _folder, $"{_folder}/resolv.conf");
        var program = $"{_folder}/resolvectl";
        File.WriteAllText(program, $"#!/bin/sh\necho \"$@\" >>{_folder}/told\n[ ! -e {_folder}/broken ] || {{ echo 'Failed to set DNS configuration: Unit not found' >&2; exit 1; }}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _resolver = new(_folder, program);
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static DhcpScopeResource Scope(string link, string domain)
    {
        var net = IpPrefix.Parse("10.20.0.0/24");
        return new("lab", link, link) { Ranges = [new(net, net.Nth(1), net.Nth(2), net.Nth(9), false)], Domain = domain, Mtu = 1500 };
    }

    private string[] Told => File.Exists($"{_folder}/told") ? File.ReadAllLines($"{_folder}/told") : [];

    [Fact]
    public void One_link_for_all_domains_once()
    {
        DhcpScopeResource[] scopes = [Scope("wb-ops", "ops.weft"), Scope("wb-dev", "dev.weft"), Scope("wb-lab", "lab.example.com"), Scope("wa", "x.weft") with { Dns = false }];
        _resolver.Point(_paths, scopes);
        Assert.Equal(["dns wb-dev 10.20.0.1", "domain wb-dev ~lab.example.com ~weft", "default-route wb-dev false", "dnssec wb-dev no"], Told);
        _resolver.Point(_paths, scopes);
        Assert.Equal(4, Told.Length);
        _resolver.Point(_paths, scopes[..1]);
        Assert.Equal("dns wb-ops 10.20.0.1", Told[4]);
    }

    [Fact]
    public void A_refusal_is_said_and_told_again_the_next_time()
    {
        File.WriteAllText($"{_folder}/broken", "");
        var e = Assert.Throws<DhcpException>(() => _resolver.Point(_paths, [Scope("wb-dev", "dev.weft")]));
        Assert.Contains("dns wb-dev 10.20.0.1: Failed to set DNS configuration: Unit not found", e.Message, StringComparison.Ordinal);
        File.Delete($"{_folder}/broken");
        _resolver.Point(_paths, [Scope("wb-dev", "dev.weft")]);
        Assert.Equal(5, Told.Length);
    }

    [Fact]
    public void Only_where_the_host_asks_it()
    {
        Assert.False(_resolver.IsInUse(_paths.ResolvConf));
        File.WriteAllText($"{_folder}/io.systemd.Resolve", "");
        File.WriteAllText(_paths.ResolvConf, "nameserver 192.0.2.1\n");
        Assert.False(_resolver.IsInUse(_paths.ResolvConf));
        File.WriteAllText(_paths.ResolvConf, "nameserver 127.0.0.53\noptions edns0\n");
        Assert.True(_resolver.IsInUse(_paths.ResolvConf));
    }
}
