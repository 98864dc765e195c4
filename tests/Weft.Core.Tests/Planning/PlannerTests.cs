using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly ImmutableArray<Resource> Everything =
        [.. Lab.Examples().SelectMany(e => new Lab().Resources(e)).Select(r => r with { Owner = r.Owner == Resource.Shared ? r.Owner : "lab" }).DistinctBy(r => r.Key)];

    private static readonly Gen<(Resource[] Desired, Resource[] Observed)> Worlds =
        Gen.Select(Subset, Subset, (desired, observed) => (desired, observed.Select(Changed).ToArray()));

    private static Gen<Resource[]> Subset => Gen.Bool.Array[Everything.Length].Select(take => Everything.Where((_, i) => take[i]).ToArray());

    // What is there may differ from what is wanted.
    private static Resource Changed(Resource r) => r switch
    {
        BridgeResource b => b with { Mtu = b.Mtu + 1 },
        SysctlResource s => s with { Value = s.Value + "0" },
        TapResource t => t with { Isolated = !t.Isolated },
        _ => r,
    };

    private static Plan Plan(IEnumerable<Resource> desired, IEnumerable<Resource> observed, IReadOnlySet<ResourceKey>? needed = null) =>
        Planner.Plan("lab", desired, observed, [], needed);

    [Fact]
    public void A_plan_for_what_is_there_is_empty() => Subset.Sample(r => Plan(r, r).IsEmpty);

    [Fact]
    public void After_a_plan_is_carried_out_the_next_is_empty() => Worlds.Sample(w =>
    {
        var host = w.Observed.ToDictionary(r => r.Key);
        Lab.Apply(host, Plan(w.Desired, w.Observed).Steps);
        Assert.Empty(Plan(w.Desired, host.Values).Steps);
        Assert.Equal(w.Desired.Select(r => r.Key).ToHashSet(), host.Keys.ToHashSet());
    });

    [Fact]
    public void The_inverse_steps_in_reverse_restore_the_host_after_any_number_of_steps() => Gen.Select(Worlds, Gen.Int[0, 10000]).Sample((w, k) =>
    {
        var host = w.Observed.ToDictionary(r => r.Key);
        var steps = Plan(w.Desired, w.Observed).Steps;
        var done = steps.Take(steps.Length == 0 ? 0 : k % steps.Length).ToList();
        Lab.Apply(host, done);
        Lab.Apply(host, done.AsEnumerable().Reverse().Select(s => s.Inverse));
        Assert.Equal(w.Observed.ToHashSet(), host.Values.ToHashSet());
    });

    [Fact]
    public void No_key_has_two_steps() => Worlds.Sample(w =>
        Plan(w.Desired, w.Observed).Steps.Select(s => s.Key).Distinct().Count() == Plan(w.Desired, w.Observed).Steps.Length);

    [Fact]
    public void A_port_is_never_there_without_its_policy() => Worlds.Sample(w =>
    {
        var steps = Plan(w.Desired, w.Observed).Steps;
        var lastElement = steps.ToList().FindLastIndex(s => s.Key.Kind == ResourceKind.NftElement && s.After is not null);
        var firstTap = steps.ToList().FindIndex(s => s.Key.Kind == ResourceKind.Tap && s.Before is null);
        Assert.True(firstTap < 0 || lastElement < firstTap);
        var lastGone = steps.ToList().FindLastIndex(s => s.Key.Kind == ResourceKind.Tap && s.After is null);
        var firstElementGone = steps.ToList().FindIndex(s => s.Key.Kind == ResourceKind.NftElement && s.After is null);
        Assert.True(firstElementGone < 0 || lastGone < firstElementGone);
    });

    [Fact]
    public void All_elements_of_a_plan_are_one_run_so_that_they_can_be_one_transaction() => Worlds.Sample(w =>
    {
        var at = Plan(w.Desired, w.Observed).Steps.Select((s, i) => (s, i)).Where(x => x.s.Key.Kind == ResourceKind.NftElement).Select(x => x.i).ToList();
        Assert.True(at.Count == 0 || at[^1] - at[0] == at.Count - 1);
    });

    [Fact]
    public void What_another_project_owns_is_a_conflict_and_nothing_is_done()
    {
        var mine = new BridgeResource("lab", "dev", "wb-dev") { Mac = new MacAddress(1), Mtu = 1500 };
        var plan = Plan([mine], [mine with { Owner = "other" }]);
        Assert.Empty(plan.Steps);
        Assert.Contains("belongs to network dev of project other", Assert.Single(plan.Notes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_project_owns_is_never_removed()
    {
        var theirs = new SysctlResource("other", "dev", "net/x", "1");
        Assert.Empty(Plan([], [theirs]).Steps);
    }

    [Fact]
    public void A_shared_thing_goes_only_when_nobody_else_needs_it()
    {
        var shared = new SysctlResource(Resource.Shared, "", "net/ipv4/conf/eth0/forwarding", "1");
        var other = new SysctlResource("other", "dev", "net/x", "1");
        Assert.Single(Plan([], [shared]).Steps);
        Assert.Empty(Plan([], [shared, other]).Steps);
        Assert.Single(Plan([], [shared, other], new HashSet<ResourceKey>()).Steps);
        Assert.Empty(Plan([], [shared, other], new HashSet<ResourceKey> { shared.Key }).Steps);
    }

    [Fact]
    public void What_the_file_leaves_to_the_kernel_is_no_difference()
    {
        var wanted = new BridgeResource("lab", "dev", "wb-dev") { Mac = new MacAddress(1), Mtu = 1500 };
        var there = wanted with { AgeingSeconds = 300, Stp = new StpSpec(false, 32768, 15, 2, 20) };
        Assert.Empty(Plan([wanted], [there]).Steps);
        var step = Assert.Single(Plan([wanted with { AgeingSeconds = 10, Mtu = 9000 }], [there]).Steps);
        Assert.Equal("mtu 1500 -> 9000, ageing 300s -> 10s", step.Why);
        there = there with { Ip = new BridgeIp { Ipv6 = true, AcceptRa = 1, Ipv4Forwarding = false, Ipv6Forwarding = false } };
        Assert.Empty(Plan([wanted], [there]).Steps);
        step = Assert.Single(Plan([wanted with { Ip = new BridgeIp { AcceptRa = 0, Ipv4Forwarding = true, Ipv6ForceForwarding = true } }], [there]).Steps);
        Assert.Equal("accept_ra 1 -> 0, ipv4 forwarding off -> on, ipv6 force_forwarding unset -> on", step.Why);
    }

    [Fact]
    public void A_changed_range_goes_out_before_its_new_self_comes_in()
    {
        NftElementResource Range(string ports) => new("lab", "dev", "inet weft", "fwd_any_range4", ["tcp", ports], ["10.0.0.2"]);
        var steps = Plan([Range("80-95")], [Range("80-90")]).Steps;
        Assert.Equal([null, (Resource)Range("80-95")], steps.Select(s => s.After));
    }

    [Fact]
    public void Listening_to_router_advertisements_comes_before_forwarding_and_ends_after_it()
    {
        Resource[] both = [new SysctlResource(Resource.Shared, "", "net/ipv6/conf/all/forwarding", "1"), new SysctlResource(Resource.Shared, "", "net/ipv6/conf/eth0/accept_ra", "2")];
        Assert.EndsWith("accept_ra", Plan(both, []).Steps[0].Key.Name, StringComparison.Ordinal);
        Assert.EndsWith("forwarding", Plan([], both).Steps[0].Key.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_of_a_port_come_after_every_kind_of_port_and_go_before()
    {
        Resource[] all = [new FdbResource("lab", "office", "eth1", new MacAddress(5), null), new UplinkResource("lab", "office", "eth1", "wb-office")];
        Assert.Equal([ResourceKind.Uplink, ResourceKind.Fdb], Plan(all, []).Steps.Select(s => s.Key.Kind));
        Assert.Equal([ResourceKind.Fdb, ResourceKind.Uplink], Plan([], all).Steps.Select(s => s.Key.Kind));
    }

    private static BridgeIp Ip(string network, HostModel? host = null, Lab? lab = null) =>
        (lab ?? new Lab()).Resources(Lab.Read("x.yaml", $"version: 1\nname: lab\nnetworks:\n  dev: {{ {network} }}\n"), host).OfType<BridgeResource>().Single().Ip;

    [Fact]
    public void Below_the_mtu_of_ipv6_none_of_its_settings_is_asked_for()
    {
        var usual = new BridgeIp { Ipv6 = true, AcceptRa = 0, Ipv4Forwarding = true, Ipv6Forwarding = false, Ipv6ForceForwarding = false };
        Assert.Equal(usual, Ip("mode: nat, mtu: 1500, subnets: [10.0.0.0/24]"));
        Assert.Equal(new BridgeIp { Ipv4Forwarding = true }, Ip("mode: nat, mtu: 1000, subnets: [10.0.0.0/24]"));
        Assert.Equal(new BridgeIp(), Ip("mode: bridge, mtu: 1000"));
    }

    [Theory]
    [InlineData("mode: nat, subnets: [10.0.0.0/24]", true, false)]
    [InlineData("mode: nat, subnets: [\"fd00:1::/64\"]", false, true)]
    [InlineData("mode: nat, subnets: [10.0.0.0/24, \"fd00:1::/64\"]", true, true)]
    [InlineData("mode: nat, nat: routed, subnets: [10.0.0.0/24, \"fd00:1::/64\"]", true, true)]
    [InlineData("mode: nat, nat: isolated, subnets: [10.0.0.0/24, \"fd00:1::/64\"]", false, false)]
    public void A_routed_network_forwards_the_families_it_has_and_no_other(string network, bool v4, bool v6)
    {
        Assert.Equal(new BridgeIp { Ipv6 = true, AcceptRa = 0, Ipv4Forwarding = v4, Ipv6Forwarding = v6, Ipv6ForceForwarding = v6 }, Ip(network));
        // Where the host's own switch counts, setting it sets those of all links: none is held off.
        var old = Lab.Host with { Features = Lab.Host.Features.Remove(HostFeatures.Ipv6ForceForwarding) };
        Assert.Equal(new BridgeIp { Ipv6 = true, AcceptRa = 0, Ipv4Forwarding = v4, Ipv6Forwarding = v6 ? true : null }, Ip(network, old));
    }

    [Fact]
    public void On_a_host_whose_new_links_have_no_ipv6_a_bridge_has_it_when_it_needs_it()
    {
        var without = Lab.Host with { Sysctls = Lab.Host.Sysctls.SetItem(HostSysctls.DefaultDisableIpv6, "1") };
        Assert.False(Ip("mode: nat, subnets: [10.0.0.0/24]", without).Ipv6);
        Assert.True(Ip("mode: nat, subnets: [\"fd00:1::/64\"]", without).Ipv6);
        Assert.Null(Ip("mode: bridge, subnets: [10.0.0.0/24]", without).Ipv6);
        Assert.True(Ip("mode: bridge, subnets: [\"fd00:1::/64\"]", without).Ipv6);
        Assert.False(Ip("mode: bridge", without).Ipv6);
    }

    [Fact]
    public void What_a_nat_network_had_set_is_as_on_a_new_link_when_it_becomes_a_bridge_and_is_left_alone_after_that()
    {
        var host = Lab.Host with
        {
            Sysctls = Lab.Host.Sysctls.SetItem(HostSysctls.DefaultIpv4Forwarding, "0").SetItem(HostSysctls.DefaultDisableIpv6, "0").SetItem(HostSysctls.DefaultAcceptRa, "1")
                .SetItem(HostSysctls.DefaultIpv6Forwarding, "0").SetItem(HostSysctls.DefaultIpv6ForceForwarding, "0"),
        };
        var lab = new Lab();
        Ip("mode: nat, subnets: [10.0.0.0/24]", host, lab);
        Assert.Equal(new BridgeIp { Ipv6 = false, AcceptRa = 1, Ipv4Forwarding = false, Ipv6Forwarding = false, Ipv6ForceForwarding = false }, Ip("mode: bridge", host, lab));
        Assert.Equal(new BridgeIp { Ipv6 = false }, Ip("mode: bridge", host, lab));
    }

    [Fact]
    public void Ipv6_of_the_host_is_switched_on_the_bridge_before_an_address_needs_it()
    {
        var without = Lab.Read("x.yaml", "version: 1\nname: lab\nnetworks:\n  dev: { mode: bridge }\n");
        var with = Lab.Read("x.yaml", "version: 1\nname: lab\nnetworks:\n  dev: { mode: bridge, subnets: [\"fd00:1::/64\"] }\n");
        var lab = new Lab();
        var steps = Plan(lab.Resources(with), lab.Resources(without)).Steps;
        var (on, address) = (steps.Single(s => s.Key.Kind == ResourceKind.Bridge), steps.Single(s => s.Key.Kind == ResourceKind.Address));
        Assert.Equal((false, true), (((BridgeResource)on.Before!).Ip.Ipv6, ((BridgeResource)on.After!).Ip.Ipv6));
        Assert.True(steps.IndexOf(on) < steps.IndexOf(address));
    }

    [Fact]
    public void Every_resource_and_step_reads_back_from_json_as_it_was()
    {
        Assert.NotEmpty(Everything);
        foreach (var r in Everything) Assert.Equal(r, ResourceJson.ReadResource(ResourceJson.Write(r)));
        var step = new Step(Everything[0], null, "because");
        Assert.Equal(step, ResourceJson.ReadStep(ResourceJson.Write(step)));
        Assert.Equal(typeof(Resource).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Resource))).ToHashSet(), [.. Everything.Select(r => r.GetType()), .. OnlyElsewhere]);
    }

    // Kinds that no example has on the plain host: a drop-in needs a NIC's manager, a hypervisor's link somebody who saw it, a network of libvirt a libvirtd; routes and FDB entries are rare.
    private static readonly Type[] OnlyElsewhere = [typeof(HostFileResource), typeof(RouteResource), typeof(FdbResource), typeof(GuestLinkResource), typeof(LibvirtNetworkResource)];

    [Fact]
    public void The_rarer_resources_read_back_from_json_too()
    {
        Resource[] rare =
        [
            new HostFileResource("lab", "office", "/etc/x", "a\nb\n", "networkd"), new LibvirtNetworkResource("", "office", "default", "virbr0") { Definition = "<network/>", Status = "<networkstatus/>" }, new FdbResource("lab", "office", "eth1", new MacAddress(5), 7),
            new RouteResource("lab", "dev", IpPrefix.Parse("10.0.0.0/8"), "wb-dev", IPAddress.Parse("10.0.0.1"), 100, 5),
            new RouteResource("lab", "dev", IpPrefix.Parse("fd00::/8"), "wb-dev", null),
            new GuestLinkResource("lab", "dev", "vnet3", "wb-dev", "web1") { Isolated = true, Floods = false, Vlans = new(3, [new VlanRange(5, 9)]) },
        ];
        foreach (var r in rare) Assert.Equal(r, ResourceJson.ReadResource(ResourceJson.Write(r)));
    }

    [Fact]
    public void What_is_somebody_elses_is_taken_over_and_given_back()
    {
        var theirs = new LibvirtNetworkResource(Resource.Foreign, "dev", "default", "virbr0") { Definition = "<network/>" };
        var ours = new LibvirtNetworkResource("lab", "dev", "default", "virbr0");
        var there = new Dictionary<ResourceKey, Resource> { [theirs.Key] = theirs };
        Assert.Equal(new Step(theirs, ours, "taken over as it is"), Assert.Single(Planner.Plan("lab", [ours], [], [], takeover: new(there, Takeover.None.Before)).Steps));
        Assert.Equal(new Step(ours, theirs, "given back as it was"), Assert.Single(Planner.Plan("lab", [], [ours], [], takeover: new(Takeover.None.There, there)).Steps));
        // What is gone is made, and nobody's word about it from before counts.
        Assert.Null(Assert.Single(Planner.Plan("lab", [ours], [], [], takeover: new(Takeover.None.There, there)).Steps).Before);
        Assert.Empty(Planner.Plan("lab", [], [], [], takeover: new(there, there)).Steps);
    }

    [Fact]
    public void A_bridge_is_no_port_of_a_bridge_but_its_vlan_is()
    {
        var host = Lab.Host with { Links = Lab.Host.Links.Add(new HostLink(9, "br0", "bridge", null, 1500) { Up = true, Carrier = true, MinMtu = 68, MaxMtu = 65535 }) };
        string[] Faults(string uplink) => [.. new Lab().Build(Lab.Read("x.yaml", $"version: 1\nname: lab\nnetworks:\n  dev: {{ mode: bridge, uplink: {uplink} }}\n"), host).Notes.Where(n => n.Severity == Severity.Error).Select(n => n.Code)];
        Assert.Equal(["WEFT3113"], Faults("br0"));
        Assert.Empty(Faults("br0.5"));
    }
}
