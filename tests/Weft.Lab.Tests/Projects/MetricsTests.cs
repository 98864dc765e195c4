using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weft.Core.Policy;
using Weft.Engine;
using Weft.Engine.Metrics;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Figures of a host on which a project is applied, as Prometheus would read them.</summary>
public sealed class MetricsTests
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: eth1 }
          dev: { mode: nat, subnets: [{ prefix: 10.20.0.0/24, pool: 10.20.0.10-10.20.0.29 }], dhcp: false, dns: false, forwards: [{ listen: tcp/8080, to: "app1:80" }] }
        machines:
          app1: dev
          app2: dev

        """;

    private static string Text(MetricsSnapshot snapshot)
    {
        var output = new ArrayBufferWriter<byte>();
        Exposition.Write(snapshot, ExpositionFormat.Prometheus, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static double Value(string text, string series)
    {
        var line = Assert.Single(text.Split('\n'), l => Regex.IsMatch(l, $"^{series}({{.*}})? "));
        return double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private static string Look(EngineLab lab) => Text(NetNamespace.Run(lab.Host, () =>
    {
        using var engine = WeftEngine.ToLook(lab.Options());
        return engine.Metrics();
    }));

    [Fact]
    public void Every_object_of_a_project_has_its_figures()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        lab.OnLan("ping -c 3 -i 0.2 198.51.100.2");
        var text = Look(lab);
        Assert.DoesNotMatch("(?m)^weft_source_up.* 0$", text);
        Assert.Equal(1, Value(text, """weft_network_up\{project="lab",network="office".*\}"""));
        Assert.Equal(2, Value(text, """weft_network_ports\{project="lab",network="dev".*\}"""));
        Assert.True(Value(text, """weft_uplink_receive_bytes_total\{project="lab",network="office",link="eth1"\}""") > 0);
        Assert.Equal(0, Value(text, """weft_port_up\{project="lab",network="dev",machine="app1",tap="wt-app1"\}"""));
        Assert.Equal(0, Value(text, """weft_port_fault\{project="lab",network="dev",machine="app1",tap="wt-app1"\}"""));
        Assert.Equal(0, Value(text, """weft_forward_connections_total\{project="lab",network="dev",listen="tcp/8080",to="10.20.0.\d+:80"\}"""));
        Assert.Equal(2, Value(text, """weft_subnet_addresses_allocated\{project="lab",network="dev",subnet="10.20.0.0/24"\}"""));
        Assert.Equal(18, Value(text, """weft_subnet_addresses_free\{project="lab",network="dev",subnet="10.20.0.0/24"\}"""));
        Assert.Equal(1, Value(text, """weft_changes_total\{project="lab",verb="apply",result="committed"\}"""));
        Assert.Equal(0, Value(text, """weft_policy_dropped_packets_total\{reason="spoofed"\}"""));
        Assert.True(Value(text, "weft_conntrack_connections_limit") > 0);
    }

    [Fact]
    public void A_port_that_is_used_spoofs_or_is_gone_shows()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using (var tap = NetNamespace.Run(lab.Host, () => TapDevice.Open("wt-app1")))
        {
            while (Value(Look(lab), """weft_port_spoofed_packets_total\{.*tap="wt-app1"\}""") == 0) tap.Write(Netns.Policy.Frames.Ethernet("52:54:00:00:00:66", "ff:ff:ff:ff:ff:ff", 0x88b5, new byte[46])); // until the bridge has heard of the carrier
            var used = Look(lab);
            Assert.Equal(1, Value(used, """weft_port_up\{.*tap="wt-app1"\}"""));
            Assert.True(Value(used, """weft_port_receive_bytes_total\{.*tap="wt-app1"\}""") >= 60);
            Assert.True(Value(used, """weft_port_spoofed_bytes_total\{.*tap="wt-app1"\}""") >= 46);
            Assert.Equal(0, Value(used, """weft_port_spoofed_packets_total\{.*tap="wt-app2"\}"""));
        }
        lab.OnHost("ip link delete wt-app2");
        var gone = Look(lab);
        Assert.Equal(1, Value(gone, """weft_port_fault\{.*tap="wt-app2"\}"""));
        Assert.DoesNotMatch("weft_port_receive_bytes_total{.*wt-app2", gone);
    }

    [Fact]
    public void What_cannot_be_read_is_said_and_keeps_nothing_else_back()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        Directory.CreateDirectory(lab.Options().Paths.DhcpState);
        var leases = Path.Combine(lab.Options().Paths.DhcpState, Path.GetFileName(Weft.Engine.Dhcp.DhcpPaths.Of(lab.Options()).Leases));
        if (File.Exists(leases)) File.Delete(leases);
        File.CreateSymbolicLink(leases, "/proc/self/mem"); // a file that cannot be read from its beginning
        var text = Look(lab);
        Assert.Equal(0, Value(text, """weft_source_up\{source="leases"\}"""));
        Assert.DoesNotMatch("(?m)^weft_network_dhcp_leases", text);
        Assert.Equal(2, Value(text, """weft_network_ports\{project="lab",network="dev".*\}"""));
    }

    [Fact]
    public void The_totals_of_a_long_life_count_only_what_came()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        NetNamespace.Run(lab.Host, () =>
        {
            using var engine = WeftEngine.ToLook(lab.Options());
            Assert.Equal(1, Assert.Single(engine.Metrics().Changes).Count);
            lab.Apply(Project + "  app3: dev\n");
            Assert.Equal(2, Assert.Single(engine.Metrics().Changes).Count);
            lab.Destroy("lab");
            Assert.Equal([("apply", 2L), ("destroy", 1L)], engine.Metrics().Changes.Select(c => (c.Verb, c.Count)));
            return 0;
        });
    }

    [Fact]
    public void Reasons_for_drops_are_the_counters_of_the_policy() =>
        Assert.Equal(["invalid", "limited", "refused", "spoofed", "strangers"], new[] { NftSkeleton.Inet, NftSkeleton.Bridge, NftSkeleton.SynProxy }.SelectMany(t => Regex.Matches(t.Text, @"(?m)^\s*counter (\w+) \{")).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
}
