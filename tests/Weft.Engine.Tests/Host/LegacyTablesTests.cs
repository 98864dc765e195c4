using Weft.Core.Model;
using Weft.Engine.Host.Filters;
using Xunit;

namespace Weft.Engine.Tests.Host;

public sealed class LegacyTablesTests
{
    [Fact]
    public void A_policy_of_drop_is_told_with_the_tool_that_set_it()
    {
        var filter = Assert.Single(LegacyTables.Of("ip", "-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-N DOCKER\n-N DOCKER-USER\n-A FORWARD -j DOCKER-USER\n"));
        Assert.Equal(("docker", "ip filter FORWARD of the older iptables", "policy drop"), (filter.Tool, filter.Chain, filter.Reason));
        Assert.StartsWith("iptables -I DOCKER-USER -i BRIDGE -j ACCEPT", filter.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Ufw_stands_in_both_ways() =>
        Assert.Equal([new ForeignFilter("ufw", "ip6 filter INPUT of the older iptables", "policy drop", "ufw allow in on BRIDGE") { Input = true },
                new ForeignFilter("ufw", "ip6 filter FORWARD of the older iptables", "policy drop", "ufw route allow in on BRIDGE; ufw route allow out on BRIDGE")],
            LegacyTables.Of("ip6", "-P INPUT DROP\n-P FORWARD DROP\n-N ufw6-before-forward\n"));

    [Fact]
    public void Nothing_is_told_of_tables_that_accept() => Assert.Empty(LegacyTables.Of("ip", "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-A FORWARD -j DROP -i x\n"));
}
