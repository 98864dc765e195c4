using System.Net;
using Weft.Engine;
using Weft.Lab.Tests.Netns.Dhcp;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Networks behind machines, and names that are no addresses.</summary>
public sealed class RouteTests
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          dev:
            mode: nat
            subnets: [10.20.0.0/24]
            routes: [{ to: 10.30.0.0/16, via: 10.20.0.9, metric: 50 }]
            dns:
              texts: { example: ["v=spf1 -all, and a comma"] }
              services: [{ name: _http._tcp, target: web1, port: 8080, priority: 3, weight: 4 }]
        machines: { web1: dev }
        """;

    [Fact]
    public void The_host_routes_to_networks_behind_machines_and_stops_with_the_declaration()
    {
        using var lab = new EngineLab();
        Assert.Equal(OutcomeKind.Committed, lab.Apply(Project).Kind);
        Assert.Contains("10.30.0.0/16 via 10.20.0.9 dev wb-dev", lab.OnHost("ip route show 10.30.0.0/16"), StringComparison.Ordinal);
        Assert.True(lab.Plan(Project).IsEmpty);
        lab.Apply(string.Join('\n', Project.Split('\n').Where(l => !l.Contains("routes:", StringComparison.Ordinal))));
        Assert.Equal("", lab.OnHost("ip route show 10.30.0.0/16"));
        lab.Destroy("lab");
    }

    [Fact]
    public void Texts_and_services_are_answered()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        string Ask(string name, int type) => NetNamespace.Run(lab.Host, () => DnsQuery.Ask(IPAddress.Parse("10.20.0.1"), name, type, 10_000));
        Assert.Equal("v=spf1 -all, and a comma", Ask("example.dev.weft", DnsQuery.Txt));
        Assert.Equal("3 4 8080 web1.dev.weft", Ask("_http._tcp.dev.weft", DnsQuery.Srv));
        lab.Destroy("lab");
    }
}
