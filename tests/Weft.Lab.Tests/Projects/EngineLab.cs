using System.Text.RegularExpressions;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Lab.Tests.Netns;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>A host with two NICs, static addresses and default routes, on which whole projects are applied; everything of it goes when the test ends.</summary>
internal sealed partial class EngineLab : IDisposable
{
    private readonly HostLab _lab = new();

    internal EngineLab()
    {
        OnHost($"ip link add eth0 type veth peer name wan netns {Lan}");
        OnLan("ip link set wan up");
        foreach (var command in Setup) OnHost(command);
        _lab.AwaitLinkLocal("eth0");
        OnLan("ip address add 192.0.2.1/24 dev wan");
        OnLan("ip address add 198.51.100.1/24 dev peer");
        OnLan("ip address add 2001:db8:51::1/64 dev peer nodad");
        State = Directory.CreateTempSubdirectory("weft-state-").FullName;
    }

    private static readonly string[] Setup =
    [
        "sysctl -qw net.ipv6.conf.eth1.accept_dad=0", "ip address add 198.51.100.2/24 dev eth1", "ip address add 198.51.100.3/24 dev eth1",
        "ip -6 address add 2001:db8:51::2/64 dev eth1 nodad", "ip route add default via 198.51.100.1 metric 500", "ip -6 route add default via 2001:db8:51::1 metric 300",
        "ip link set eth0 up", "ip address add 192.0.2.2/24 dev eth0", "ip route add default via 192.0.2.1",
        "ip route add default via 198.51.100.1 dev eth1 table 100", "ip rule add pref 90 from 198.51.100.3 lookup 100",
    ];

    internal string State { get; }
    internal string Root => _lab.Root;
    internal string Host => _lab.Host;
    internal string Lan => _lab.Lan;

    internal string OnHost(string command) => _lab.OnHost(command);

    internal string OnLan(string command) => _lab.OnLan(command);

    /// <summary>Opens the engine as a command that acts does.</summary>
    internal T Act<T>(Func<WeftEngine, T> action, IApplyObserver? observer = null, TimeProvider? clock = null) => NetNamespace.Run(Host, () =>
    {
        using var engine = WeftEngine.ToAct(Options(observer) with { Clock = clock ?? TimeProvider.System }, "test");
        return action(engine);
    });

    internal EngineOptions Options(IApplyObserver? observer = null) =>
        new(EnginePaths.Of(Host, State)) { NetNs = Host, Root = Root, Observer = observer };

    internal Outcome Apply(string text, IApplyObserver? observer = null) => Act(e => e.Apply(Good(e.Propose(new SpecSource("lab.yaml", text)))), observer);

    internal Outcome Destroy(string project, IApplyObserver? observer = null) => Act(e => e.Apply(Good(e.ProposeDestroy(project))), observer);

    internal Proposal Plan(string text) => Act(e => e.Propose(new SpecSource("lab.yaml", text)));

    internal AllocationState Allocations => Act(e => e.Store.Allocations());

    private static Proposal Good(Proposal p) => p.Succeeded ? p : throw new InvalidDataException(string.Join('\n', p.Plan.Notes.Where(n => n.Severity == Severity.Error)));

    /// <summary>
    /// The host as others see it: links, addresses, routes, rules, forwarding, filters, files. Without numbers that count up, and without links' indices.
    /// </summary>
    internal string Picture() => WithoutTapMacs(Normal(string.Join('\n',
        OnHost("ip -d link"), OnHost("ip -4 -o -d address"), OnHost("ip -6 -o -d address"), OnHost("ip -d -4 route show table all"), OnHost("ip -d -6 route show table all"), OnHost("ip -4 rule"), OnHost("ip -6 rule"),
        OnHost("bridge fdb show"), OnHost("nft list ruleset"), OnHost("sysctl -a --pattern net.ipv[46].conf.*(forwarding|accept_ra)$"), string.Join('\n', Files()))));

    // The host's end of a tap has a MAC that the kernel makes up; the machine's own is in the filter.
    private string WithoutTapMacs(string text)
    {
        foreach (var tap in OnHost("ls /sys/class/net").Split('\n').Where(l => l.StartsWith("wt-", StringComparison.Ordinal)))
            text = text.Replace(OnHost($"cat /sys/class/net/{tap}/address").Trim(), tap, StringComparison.Ordinal);
        return string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));
    }

    /// <summary>The host must look as it did; says in which lines it does not.</summary>
    internal void AssertIs(string before, string when)
    {
        var (was, now) = (before.Split('\n'), Picture().Split('\n'));
        var different = was.Except(now).Select(l => $"- {l}").Concat(now.Except(was).Select(l => $"+ {l}")).ToList();
        Assert.True(different.Count == 0, $"{when}:\n{string.Join('\n', different)}");
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string Normal(string text) => string.Join('\n', Numbers().Replace(text, "").Split('\n').Select(l => l.TrimEnd())
        .Where(l => l.Length > 0 && !Passing().IsMatch(l)).Select(l => Lifetimes().Replace(l, "$1 N")).Order(StringComparer.Ordinal));

    // Timers and message ages of bridges run; indices are handed out upwards; the driver of an interface keeps its own statistics.
    [GeneratedRegex(@"(?m)^\d+: |@if\d+|\b(hello_timer|tcn_timer|topology_change_timer|gc_timer|message_age_timer|forward_delay_timer|hold_timer|topology_change|topology_change_detected) +[0-9.]+|packets \d+ bytes \d+|promiscuity \d+ |allmulti \d+ |state (UP|DOWN|UNKNOWN) |<[A-Z_,0-9-]+>|timer \d+\S*|qdisc \S+ |qlen \d+| tentative| linkdown|(?<=bridge_slave )state \w+")]
    private static partial Regex Numbers();

    // Link-local addresses and what belongs to them come with a link's carrier, which a tap without a machine loses and a bridge gets late; learned FDB entries come with traffic.
    [GeneratedRegex(@"^(local|anycast|unicast) fe80::|\binet6 fe80::|^multicast ff00::/8 |^33:33:ff|^[0-9a-f:]{17} dev \S+ (vlan \d+ )?master \S+$")]
    private static partial Regex Passing();

    [GeneratedRegex(@"(valid_lft|preferred_lft|expires) \d+sec")]
    private static partial Regex Lifetimes();

    public void Dispose()
    {
        // A daemon that a failed test left behind would hold the namespace.
        foreach (var process in Weft.Tests.NetnsProcesses.Of(Host)) process.Kill();
        _lab.Dispose();
        Directory.Delete(State, true);
    }
}
