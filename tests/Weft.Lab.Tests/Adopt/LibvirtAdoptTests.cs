using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weft.Engine.Machines;
using Weft.Lab.Tests.Cli;
using Weft.Lab.Tests.Machines;
using Weft.Lab.Tests.Netns;
using Weft.Lab.Tests.Projects;
using Weft.Linux.Libvirt;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Adopt;

/// <summary>Networks of a real libvirtd are taken over and given back while traffic passes.</summary>
public sealed partial class LibvirtAdoptTests(ITestOutputHelper output)
{
    private const string Nat = """
        <network><name>default</name><forward mode='nat'/><bridge name='virbr1' stp='on' delay='0'/>
        <ip address='192.168.122.1' netmask='255.255.255.0'><dhcp><range start='192.168.122.100' end='192.168.122.200'/><host mac='52:54:00:00:00:0a' name='web1' ip='192.168.122.10'/></dhcp></ip></network>
        """;
    private const string Isolated = """
        <network><name>inner</name><bridge name='virbr2'/><ip address='10.44.0.1' netmask='255.255.255.0'><dhcp><range start='10.44.0.100' end='10.44.0.200'/></dhcp></ip></network>
        """;
    private static readonly IPAddress Outside = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void A_nat_and_an_isolated_network_change_hands_and_nothing_is_lost()
    {
        using var lab = new EngineLab();
        using var host = Started(lab);
        using var one = new VethGuest(lab, "virbr1", "192.168.122.150/24", "192.168.122.1");
        using var two = new VethGuest(lab, "virbr1", "192.168.122.151/24", "192.168.122.1");
        using var three = new VethGuest(lab, "virbr2", "10.44.0.11/24");
        using var four = new VethGuest(lab, "virbr2", "10.44.0.12/24");
        host.Write("/var/lib/libvirt/dnsmasq/virbr1.status", $$"""[{ "ip-address": "192.168.122.150", "mac-address": "{{one.Mac}}", "hostname": "db1", "expiry-time": {{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600}} }]""");
        using var nat = new PingStream(one.Space, Outside);
        using var gateway = new PingStream(four.Space, IPAddress.Parse("10.44.0.1"));
        using var bridged = new PingStream(two.Space, one.Address);
        using var isolated = new PingStream(three.Space, four.Address);
        using var stream = new EchoStream(lab.Lan, one.Space, Outside, TimeSpan.FromMilliseconds(1));
        using var inner = new EchoStream(four.Space, three.Space, four.Address, TimeSpan.FromMilliseconds(1));
        var (links, before) = (Links(lab), Picture(host));

        var file = Path.Combine(lab.State, "lv.yaml");
        Succeed(host, lab, "adopt", "libvirt", "default", "inner", "--name", "lv", "--yes", "--output", file);
        Assert.Equal(links, Links(lab));
        Assert.DoesNotContain("virbr", host.Succeed("iptables-save"), StringComparison.Ordinal);
        Assert.Equal("", host.Exec("pgrep", "-a", "-f", "conf-file=/var/lib/libvirt").Output);
        Assert.Contains("<forward mode='bridge'/>", host.Virsh("net-dumpxml", "default"), StringComparison.Ordinal);
        Assert.Equal(2, host.Virsh("net-list").Split('\n').Count(l => l.Contains("active", StringComparison.Ordinal)));
        Assert.Matches($"192.168.122.150.*db1", Succeed(host, lab, "show", "addresses"));
        Assert.Contains("52:54:00:00:00:0a", Succeed(host, lab, "show", "ports"), StringComparison.Ordinal);
        Succeed(host, lab, "plan", file);
        Succeed(host, lab, "diff");

        // What libvirtd does later takes nothing away, and brings nothing back.
        host.Virsh("net-destroy", "default");
        host.Virsh("net-start", "default");
        host.Signal("TERM");
        host.Start();
        Assert.Equal(links, Links(lab));
        Assert.DoesNotContain("virbr", host.Succeed("iptables-save"), StringComparison.Ordinal);
        Assert.Contains("<forward mode='bridge'/>", host.Virsh("net-dumpxml", "default"), StringComparison.Ordinal);

        foreach (var ping in (PingStream[])[nat, gateway]) output.WriteLine(ping.AssertNoneLost());
        stream.ThrowIfBroken();
        Assert.Equal(0, Retransmitted(one)); // not one segment was lost until now
        // Making its rules libvirt rejects before it accepts, for some milliseconds: what is routed may lose a packet then, not its connection.
        Succeed(host, lab, "rollback", "--yes");
        Assert.Equal(links, Links(lab));
        Await(host, before);
        stream.ThrowIfBroken();
        inner.ThrowIfBroken();
        foreach (var ping in (PingStream[])[bridged, isolated]) output.WriteLine(ping.AssertNoneLost());
        foreach (var s in (EchoStream[])[stream, inner]) output.WriteLine($"TCP: {s.Finish()} bytes echoed, longest pause {s.LongestPause.TotalMilliseconds:f1} ms");
    }

    [Fact]
    public void An_adoption_that_is_killed_is_taken_back_by_the_next_command()
    {
        using var lab = new EngineLab();
        using var host = Started(lab);
        var (links, before) = (Links(lab), Picture(host));
        var steps = CliLab.Document(host.Exec(WeftProgram.Path, "--state", lab.State, "adopt", "libvirt", "default", "--dry-run", "--json")).GetProperty("steps").GetArrayLength();
        var runner = RepoFiles.Path("artifacts", "bin", "Weft.FaultRunner", "debug", "Weft.FaultRunner");
        foreach (var k in Enumerable.Range(0, steps + 1).Where(k => k % 8 == 0 || k > steps - 8)) // the last ones are those of links, of libvirt and of DHCP
        {
            var killed = host.Exec(runner, "-", lab.State, "/", k.ToString(CultureInfo.InvariantCulture), "adopt", "libvirt:default");
            Assert.True(killed.ExitCode == 128 + 9, $"step {k}: {killed.ExitCode} {killed.Output}{killed.Errors}");
            var repaired = host.Exec(WeftProgram.Path, "--state", lab.State, "diff");
            Assert.Contains("taken back", repaired.Errors, StringComparison.Ordinal);
            Assert.False(repaired.Errors.Contains("not put back", StringComparison.Ordinal), $"step {k}: {repaired.Errors}");
            Assert.Equal(links, Links(lab));
            Await(host, before);
        }
        Succeed(host, lab, "adopt", "libvirt", "default", "--yes");
        Assert.Equal(links, Links(lab));
    }

    [Fact]
    public void A_second_entry_for_its_bridge_goes_and_never_keeps_libvirt_from_having_its_network_back()
    {
        using var lab = new EngineLab();
        using var host = Started(lab);
        var (links, before) = (Links(lab), Picture(host));
        Succeed(host, lab, "adopt", "libvirt", "default", "--name", "lv", "--yes");
        List(host);
        using (var run = new LibvirtRun(lab, host.Uri))
        {
            run.Next(LibvirtState.Connected);
            AwaitNetworks(host, "default", "inner"); // the older one's entry is away, and none is made
        }
        List(host); // no daemon removes it this time
        AwaitNetworks(host, "default", "inner", "lv.default");
        Succeed(host, lab, "destroy", "lv", "--yes");
        Assert.Equal(links, Links(lab));
        Await(host, before);

        // With the watch at work all the time.
        using var watch = new LibvirtRun(lab, host.Uri);
        watch.Next(LibvirtState.Connected);
        Succeed(host, lab, "adopt", "libvirt", "default", "--name", "lv", "--yes");
        Assert.True(SpinWait.SpinUntil(IsBack, 60_000), "libvirt never ends changing its rules");
        Assert.Equal(links, Links(lab));
        Await(host, before);

        // The reload makes the rules of the other network anew for a while, and a plan holds for the rules it was made on.
        bool IsBack()
        {
            var ended = host.Exec(WeftProgram.Path, "--state", lab.State, "rollback", "--yes");
            Assert.True(ended.ExitCode == 0 || ended.Errors.Contains("someone changed the nftables rules since the plan was made", StringComparison.Ordinal), ended.Errors);
            return ended.ExitCode == 0;
        }
    }

    // As earlier versions did for a network that was taken over.
    private static void List(LibvirtHost host)
    {
        host.Write("/run/second.xml", new NetworkXml("lv.default", "virbr1", "lv", "default").Write());
        host.Virsh("net-define", "/run/second.xml");
        host.Virsh("net-start", "lv.default");
    }

    private static void AwaitNetworks(LibvirtHost host, params string[] names)
    {
        IEnumerable<string> there = [];
        Assert.True(SpinWait.SpinUntil(() => (there = host.Virsh("net-list", "--all", "--name").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(n => n.Trim()).Order(StringComparer.Ordinal)).SequenceEqual(names), 60_000), $"libvirt has {string.Join(", ", there)}");
    }

    // As ss says of the guest's connection: retrans:NOW/ALL, left out when there was none.
    private static int Retransmitted(VethGuest guest) =>
        Retransmissions().Match(HostLab.Run($"ip netns exec {guest.Space} ss -tinH dst {Outside}")) is { Success: true } found ? int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"retrans:\d+/(\d+)")]
    private static partial Regex Retransmissions();

    private static LibvirtHost Started(EngineLab lab)
    {
        var host = new LibvirtHost(lab);
        host.Start();
        foreach (var (name, xml) in (ReadOnlySpan<(string, string)>)[("default", Nat), ("inner", Isolated)])
        {
            host.Write($"/run/{name}.xml", xml);
            host.Virsh("net-define", $"/run/{name}.xml");
            host.Virsh("net-start", name);
        }
        return host;
    }

    private static string Succeed(LibvirtHost host, EngineLab lab, params string[] arguments) => host.Succeed([WeftProgram.Path, "--state", lab.State, .. arguments]);

    private static string Links(EngineLab lab) => string.Join('\n', ((string[])["virbr1", "virbr2"]).Select(b =>
        $"{lab.OnHost($"cat /sys/class/net/{b}/ifindex /sys/class/net/{b}/address")}{lab.OnHost($"ip -4 -o address show dev {b}")}{string.Join(' ', lab.OnHost($"ip -o link show master {b}").Split('\n').Select(l => l.Split(' ').ElementAtOrDefault(1)).Where(l => l?.StartsWith("wt-", StringComparison.Ordinal) == false))}"));

    // Its networks, its rules, its DHCP servers.
    private static string Picture(LibvirtHost host) => string.Join('\n', ((string[])
        [
            host.Virsh("net-dumpxml", "default"), host.Virsh("net-dumpxml", "--inactive", "default"), host.Virsh("net-dumpxml", "inner"), host.Virsh("net-list", "--all"), Counters().Replace(host.Succeed("iptables-save"), ""),
            host.Exec("pgrep", "-a", "-f", "conf-file=/var/lib/libvirt").Output,
        ]).SelectMany(t => t.Split('\n')).Where(l => !l.StartsWith('#')).Select(l => Numbers().Replace(l, "")).Order(StringComparer.Ordinal));

    // libvirtd is through with a reload some time after it has begun.
    private static void Await(LibvirtHost host, string before)
    {
        var last = "";
        Assert.True(SpinWait.SpinUntil(() => (last = Picture(host)) == before, 60_000), $"libvirt is not as it was:\n- {string.Join("\n- ", before.Split('\n').Except(last.Split('\n')))}\n+ {string.Join("\n+ ", last.Split('\n').Except(before.Split('\n')))}");
    }

    [GeneratedRegex(@"\[\d+:\d+\]")]
    private static partial Regex Counters();

    [GeneratedRegex(@"^\d+ (?=/usr)")]
    private static partial Regex Numbers();
}
