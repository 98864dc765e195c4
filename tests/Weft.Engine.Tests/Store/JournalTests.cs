using System.Net;
using System.Text.Json;
using CsCheck;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Store;
using Weft.Engine.Tests.Drivers;
using Xunit;

namespace Weft.Engine.Tests.Store;

/// <summary>The form in which a change is in the journal: that of every version.</summary>
public sealed class JournalTests
{
    private static readonly MacAddress Mac = MacAddress.From([2, 0, 0, 0, 0, 1]);
    private static readonly IPAddress Address = IPAddress.Parse("10.20.0.1");

    private static readonly Resource[] Kinds =
    [
        new HostFileResource("lab", "dev", "/etc/x", "a \"b\"\nc", "networkd"),
        new NftTableResource("inet", "weft", "table inet weft { }", "0123456789abcdef"),
        new NftElementResource("lab", "dev", InetSets.Table, InetSets.Into, ["wb-dev"], ["goto inbound"]),
        new NftElementResource("lab", "<\"\u00e9>", InetSets.Table, InetSets.Nets, ["wb-dev"], []),
        new BridgeResource("lab", "dev", "wb-dev") { Mac = Mac, Mtu = 1500, Stp = new StpSpec(true, 4096), Ip = new BridgeIp { AcceptRa = 0, Ipv4Forwarding = true } },
        new VlanResource("lab", "dev", "eth0.5", "eth0", 5) { Mtu = 1400 },
        new SysctlResource(Resource.Shared, "", "net/ipv4/conf/eth0/forwarding", "1"),
        new AddressResource("lab", "dev", "wb-dev", new IpPrefix(Address, 24)),
        new RouteResource("lab", "dev", IpPrefix.Parse("10.30.0.0/24"), "wb-dev", Address, Metric: 5),
        new LibvirtNetworkResource(Resource.Foreign, "dev", "default", "virbr0") { Definition = "<network/>", Status = "<networkstatus/>" },
        new GuestLinkResource("lab", "dev", "vnet3", "wb-dev", "web1") { Isolated = true, Floods = false },
        new TapResource("lab", "dev", "wt-web1", "wb-dev", "web1") { Mtu = 1500, Vlans = new PortVlans(1, [new VlanRange(5, 9)]) },
        new UplinkResource("lab", "dev", "eth0", "wb-dev") { Cost = 7 },
        new FdbResource("lab", "dev", "eth0", Mac, 5),
        new DhcpScopeResource("lab", "dev", "wb-dev") { Domain = "dev.weft", Mtu = 1500, Ranges = [new DhcpRange(IpPrefix.Parse("10.20.0.0/24"), Address, Address, Address, false)], DnsServers = [Address] },
        new DhcpHostResource("lab", "dev", "wb-dev", "web1", Mac) { Addresses = [Address] },
    ];

    private static Change Of(params Step[] steps) => new("lab", "root", "apply", "lab.yaml", "version: 1", [], [.. steps], AllocationState.Empty, AllocationState.Empty);

    private static Change Again(Change change) => StoreJson.ReadChange(System.Text.Encoding.UTF8.GetString(StoreJson.Write(change)));

    [Fact]
    public void Every_kind_is_read_back_as_it_was_before_and_after()
    {
        Step[] steps = [.. Kinds.Select(r => new Step(r, r, "test"))];
        Assert.Equal(steps, Again(Of(steps)).Steps);
        Assert.Equal(typeof(Resource).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Resource))).ToHashSet(), [.. Kinds.Select(k => k.GetType())]);
    }

    [Fact]
    public void It_is_the_form_that_resources_have_everywhere()
    {
        foreach (var r in Kinds)
        {
            var written = JsonDocument.Parse(StoreJson.Write(Of(new Step(r, null, "test")))).RootElement.GetProperty("steps")[0].GetProperty("before");
            Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(ResourceJson.Write(r)).RootElement, written), $"{ResourceJson.Write(r)}\n{written}");
        }
    }

    [Fact]
    public void Elements_of_every_set_are_read_back() =>
        NftElementGen.Any.Sample(e => Assert.Equal(new Step(null, e, "test"), Assert.Single(Again(Of(new Step(null, e, "test"))).Steps)));

    [Fact]
    public void The_text_of_a_table_is_kept_only_where_taking_back_needs_it()
    {
        var (old, table) = (new NftTableResource("inet", "weft", "old text", "0000000000000000"), new NftTableResource("inet", "weft", "text", "0123456789abcdef"));
        Assert.Equal([new Step(null, table with { Text = "" }, ""), new Step(old, table, ""), new Step(table, null, "")],
            Again(Of(new Step(null, table, ""), new Step(old, table, ""), new Step(table, null, ""))).Steps.AsEnumerable());
    }

    [Fact]
    public void A_journal_of_an_earlier_version_is_read()
    {
        const string json = """
            {"project":"lab","user":"root","verb":"apply","file":"lab.yaml","text":"version: 1","shared":[],"released":{"networks":[],"ports":[]},"given":{"networks":[],"ports":[]},
            "steps":[{"after":{"kind":"bridge","owner":"lab","network":"dev","name":"wb-dev","mac":"02:00:00:00:00:01","mtu":1500,"stp":{"enabled":false},"vlanFiltering":false,"defaultPvid":1,"mcastSnooping":false,"mcastQuerier":false,"hostAddresses":true,"up":true},"why":"x"},
            {"after":{"kind":"sysctl","owner":"lab","network":"dev","path":"net/ipv6/conf/wb-dev/accept_ra","value":"0"},"why":"x"}]}
            """;
        Assert.Equal([new BridgeResource("lab", "dev", "wb-dev") { Mac = Mac, Mtu = 1500 }, new SysctlResource("lab", "dev", "net/ipv6/conf/wb-dev/accept_ra", "0")],
            StoreJson.ReadChange(json).Steps.Select(s => s.After));
    }
}
