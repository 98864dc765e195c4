using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Drivers.Nft;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>
/// A host with uplink eth0, the world behind it, and a project carried out on it: bridges, addresses and sysctls by ip and files, the policy by
/// the driver. Each machine is a namespace behind a veth that is named as its tap.
/// </summary>
internal sealed class PolicyLab : IDisposable
{
    internal const string HostAddress = "192.0.2.10", HostAddress6 = "2001:db8:2::10", World = "203.0.113.10", World6 = "2001:db8:113::10";
    internal const string Friend = "198.51.100.7", Friend6 = "2001:db8:51::7", Router = "192.0.2.1", Router6 = "2001:db8:2::1";

    private static readonly HostModel s_host = new()
    {
        Links = [new HostLink(1, "lo", "", null, 65536) { Up = true, Carrier = true, Loopback = true }, new HostLink(2, "eth0", "", new(0x02_00_00_00_00_01), 1500) { Up = true, Carrier = true, MinMtu = 68, MaxMtu = 9216 }],
        Addresses = [new HostAddress("eth0", IpPrefix.Parse(HostAddress + "/24"), true, 0), new HostAddress("eth0", IpPrefix.Parse(HostAddress6 + "/64"), true, 0)],
        Routes =
        [
            new HostRoute(IpPrefix.Parse("0.0.0.0/0"), "eth0", IPAddress.Parse(Router), 254, 0, 3), new HostRoute(IpPrefix.Parse("::/0"), "eth0", IPAddress.Parse(Router6), 254, 1024, 3),
            new HostRoute(IpPrefix.Parse("192.0.2.0/24"), "eth0", null, 254, 0, 2),
        ],
        Sysctls = new Dictionary<string, string> { [HostSysctls.BridgeNfCallIptables] = "1", [HostSysctls.BridgeNfCallIp6tables] = "1", [HostSysctls.BridgeNfCallArptables] = "1" }.ToImmutableDictionary(),
        Features = [HostFeatures.BridgeVlan, HostFeatures.ConnLimit, HostFeatures.Ipv6, HostFeatures.Ipv6ForceForwarding, HostFeatures.SynProxy, HostFeatures.Vlan8021q],
    };

    private readonly Random _random = new(7);
    private readonly Dictionary<string, Place> _machines = [];
    private AllocationState _given = AllocationState.Empty;

    internal PolicyLab()
    {
        Host.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "0")); // a new namespace takes it from the machine, which may forward
        foreach (var place in new[] { Host, Outside }) place.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/accept_dad", "0"));
        Outside.Ip($"link add wan type veth peer name eth0 netns {Host.Name}");
        Up(Outside, "wan", $"{Router}/24", $"{Router6}/64");
        Up(Host, "eth0", $"{HostAddress}/24", $"{HostAddress6}/64");
        foreach (var a in new[] { World, Friend }) Outside.Ip($"address add {a}/32 dev lo");
        foreach (var a in new[] { World6, Friend6 }) Outside.Ip($"address add {a}/128 dev lo");
        Host.Ip($"route add default via {Router}");
        Host.Ip($"-6 route add default via {Router6}");
    }

    internal Place Host { get; } = new();

    internal Place Outside { get; } = new();

    /// <summary>The server that the test looks into.</summary>
    internal Server Server { get; set; } = null!;

    internal Place this[string machine] => _machines[machine];

    /// <summary>All that was built, over all projects.</summary>
    internal List<Resource> Resources { get; } = [];

    internal PortAllocation Port(string machine) => _given.Ports.First(p => p.Machine == machine);

    internal string Address(string machine, bool v4 = true) =>
        Port(machine).Addresses.First(a => a.AddressFamily == (v4 ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6)).ToString();

    internal string Bridge(string network) => _given.Networks.First(n => n.Network == network).Bridge;

    /// <summary>Builds a project and carries it out.</summary>
    /// <param name="text">The file.</param>
    /// <param name="machines">False leaves the taps to the test.</param>
    internal void Apply(string text, bool machines = true)
    {
        var resources = Build(text).Where(r => !Resources.Exists(o => o.Key == r.Key)).ToList();
        Resources.AddRange(resources);
        Host.Run(() =>
        {
            using var driver = new NftDriver();
            driver.Apply([.. resources.Where(r => driver.Kinds.Contains(r.Key.Kind)).Order(Comparer<Resource>.Create((a, b) => ResourceKey.Compare(a.Key, b.Key))).Select(r => new Step(null, r, ""))]);
        });
        foreach (var r in resources.OrderBy(r => r.Key.Kind)) Make(r, machines);
    }

    /// <summary>Puts an open tap on a network's bridge, and waits until the bridge has heard of its carrier: what comes before that is dropped.</summary>
    internal void Join(string link, string network)
    {
        Host.Ip($"link set {link} master {Bridge(network)} up");
        Assert.True(SpinWait.SpinUntil(() => Host.Exec($"bridge link show dev {link}").Contains("state forwarding", StringComparison.Ordinal), Talk.PatientMs), $"{link} does not forward");
    }

    /// <summary>Packets that a named counter has seen.</summary>
    internal long Counter(string name, string table = "inet weft")
    {
        var words = Host.Exec($"nft list counter {table} {name}").Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[Array.IndexOf(words, "packets") + 1], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var m in _machines.Values) m.Dispose();
        Host.Dispose();
        Outside.Dispose();
    }

    private ImmutableArray<Resource> Build(string text)
    {
        var faults = new DiagnosticBag();
        var spec = SpecReader.Load("lab.yaml", text, faults);
        Assert.True(spec is not null && !faults.HasErrors, string.Join('\n', faults.Items));
        var allocated = Allocator.Allocate(spec, s_host, _given, DateTimeOffset.UnixEpoch, _random.NextBytes);
        Assert.True(allocated.Succeeded, string.Join('\n', allocated.Diagnostics));
        _given = allocated.State;
        var built = ProjectBuilder.Build(spec, s_host, _given);
        Assert.True(built.Succeeded, string.Join('\n', built.Notes));
        return built.Resources;
    }

    private void Make(Resource resource, bool machines)
    {
        switch (resource)
        {
            case BridgeResource b:
                Host.Ip($"link add {b.Name} address {b.Mac} type bridge mcast_snooping 0 stp_state {(b.Stp.Enabled ? 1 : 0)} forward_delay 0");
                Host.Ip($"link set {b.Name} up");
                foreach (var (path, value) in Settings(b)) Host.Run(() => File.WriteAllText($"/proc/sys/net/{path}", value));
                break;
            case AddressResource a:
                Host.Ip($"address add {a.Address} dev {a.Link}{(a.Address.IsV4 ? "" : " nodad")}");
                break;
            case SysctlResource s:
                Host.Run(() => File.WriteAllText($"/proc/sys/{s.Path}", s.Value));
                break;
            case TapResource t when machines:
                Machine(t);
                break;
        }
    }

    private static IEnumerable<(string Path, string Value)> Settings(BridgeResource b)
    {
        if (b.Ip.Ipv6 is { } v6) yield return ($"ipv6/conf/{b.Name}/disable_ipv6", v6 ? "0" : "1");
        if (b.Ip.AcceptRa is { } ra) yield return ($"ipv6/conf/{b.Name}/accept_ra", $"{ra}");
        if (b.Ip.Ipv4Forwarding is { } v4) yield return ($"ipv4/conf/{b.Name}/forwarding", v4 ? "1" : "0");
        if (b.Ip.Ipv6Forwarding is { } forwards) yield return ($"ipv6/conf/{b.Name}/forwarding", forwards ? "1" : "0");
        if (b.Ip.Ipv6ForceForwarding is { } always) yield return ($"ipv6/conf/{b.Name}/force_forwarding", always ? "1" : "0");
    }

    private void Machine(TapResource tap)
    {
        var port = _given.Ports.First(p => p.Tap == tap.Name);
        var machine = new Place();
        _machines.Add(port.Machine, machine);
        machine.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/accept_dad", "0"));
        Host.Ip($"link add {tap.Name} type veth peer name eth0 address {port.Mac} netns {machine.Name}");
        Host.Ip($"link set {tap.Name} master {tap.Bridge}");
        Host.Ip($"link set {tap.Name} up");
        var subnets = Resources.OfType<AddressResource>().Where(a => a.Link == tap.Bridge).ToList();
        Up(machine, "eth0", [.. port.Addresses.Select(a => $"{a}/{subnets.First(s => s.Address.Contains(a)).Address.Length}")]);
        foreach (var s in subnets) machine.Ip($"{(s.Address.IsV4 ? "-4" : "-6")} route add default via {s.Address.Address}");
    }

    private static void Up(Place place, string link, params string[] addresses)
    {
        place.Ip($"link set {link} up");
        foreach (var a in addresses) place.Ip($"address add {a} dev {link}{(a.Contains(':', StringComparison.Ordinal) ? " nodad" : "")}");
    }
}
