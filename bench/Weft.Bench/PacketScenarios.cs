using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Bench;

/// <summary>
/// What one small UDP packet costs from a machine's veth through bridge, filter and NAT to the uplink, in the oldest of N networks. The whole
/// path runs in the sender's context. Kernel instructions where the machine has the counters, else the sender's CPU time in nanoseconds;
/// both stand in the columns for milliseconds.
/// </summary>
internal static class PacketScenarios
{
    private const int Packets = 300_000;
    private static readonly bool s_counters = HasCounters();

    internal static IReadOnlyList<Scenario> All { get; } =
        [.. new[] { 1, 20, 100 }.Select(n => new Scenario($"packet-{n}", $"NAT packet, oldest of {n} networks, price of one", "bare nft masquerade of one network", 1.15, () => Ours(n), Theirs))];

    private static Cost Ours(int networks)
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        BenchHost.Shell(host.WeftCommand("apply", host.Write("weft.yaml", Inputs.Weft(networks, dhcp: false)), "--yes"));
        return Send(host);
    }

    private static Cost Theirs()
    {
        using var host = new BenchHost();
        Inputs.Uplink(host);
        BenchHost.Shell("ip", "-n", host.Name, "-batch", host.Write("links", Inputs.IpBatch(1)));
        BenchHost.Shell(host.Inside("nft", "-f", host.Write("nat.nft", "table ip nat { chain post { type nat hook postrouting priority 100; oifname \"up0\" masquerade; }; }")));
        BenchHost.Shell(host.Inside("/bin/sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; for f in /proc/sys/net/bridge/bridge-nf-call-*tables; do [ -e $f ] && echo 0 >$f; done; true"));
        return Send(host);
    }

    /// <summary>A machine is a veth on the bridge whose other end lives in a second namespace.</summary>
    private static Cost Send(BenchHost host)
    {
        using var machine = new BenchHost();
        BenchHost.Shell("ip", "-n", host.Name, "link", "add", "vm0", "type", "veth", "peer", "name", "eth0", "netns", machine.Name);
        BenchHost.Shell("ip", "-n", host.Name, "link", "set", "vm0", "master", "wn0", "up");
        BenchHost.Shell("ip", "-n", machine.Name, "addr", "add", "10.100.0.77/24", "dev", "eth0");
        BenchHost.Shell("ip", "-n", machine.Name, "link", "set", "eth0", "up");
        BenchHost.Shell("ip", "-n", machine.Name, "route", "add", "default", "via", "10.100.0.1");
        // The far side is no host: a fixed neighbour makes packets leave by the uplink and end there.
        BenchHost.Shell("ip", "-n", host.Name, "neigh", "replace", "192.0.2.1", "lladdr", "02:00:00:00:00:01", "dev", "up0");
        var many = Price(machine, Packets);
        var none = Price(machine, 100);
        var each = (many - none) / (Packets - 100);
        return new(each, each);
    }

    private static double Price(BenchHost machine, int packets)
    {
        string[] sender = ["taskset", "1", Environment.ProcessPath!, "send", "203.0.113.9", packets.ToString(CultureInfo.InvariantCulture)];
        if (!s_counters) return BenchHost.Measure(machine.Inside(sender)).CpuMs * 1e6;
        var report = Path.Combine(machine.Folder, $"perf{packets}");
        BenchHost.Shell(machine.Inside(["perf", "stat", "-x,", "-o", report, "-e", "instructions:k", "--", .. sender]));
        return double.Parse(Counted(report), CultureInfo.InvariantCulture);
    }

    private static bool HasCounters()
    {
        var report = Path.GetTempFileName();
        BenchHost.Shell("perf", "stat", "-x,", "-o", report, "-e", "instructions:k", "--", "true");
        return char.IsAsciiDigit(Counted(report)[0]);
    }

    private static string Counted(string report) =>
        File.ReadLines(report).First(l => l.Contains("instructions", StringComparison.Ordinal)).Split(',')[0];

    /// <summary>The sender: this program, started again in the machine's namespace.</summary>
    internal static void SendPackets(string address, int count)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(new IPEndPoint(IPAddress.Parse(address), 9));
        Span<byte> payload = stackalloc byte[18];
        for (var i = 0; i < count; i++) socket.Send(payload);
    }
}
