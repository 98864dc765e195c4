using System.Diagnostics;
using Weft.Core.Resources;
using Weft.Engine.Host.Uplink;
using Weft.Linux.NetNs;

namespace Weft.Lab.Tests.Netns;

/// <summary>A host with NIC eth1 and a LAN behind it, each a network namespace of its own; both go when the test ends.</summary>
internal sealed class HostLab : IDisposable
{
    private static int _count;
    private readonly string _prefix = $"wh{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";

    internal HostLab()
    {
        NetNamespace.Create(Host);
        NetNamespace.Create(Lan);
        Ip($"link add eth1 netns {Host} type veth peer name peer netns {Lan}");
        OnHost("ip link set lo up");
        OnLan("ip link set lo up");
        OnHost("ip link set eth1 up");
        OnLan("ip link set peer up");
        AwaitLinkLocal("eth1");
        Root = Directory.CreateTempSubdirectory("weft-host-").FullName;
    }

    internal string Host => _prefix + "h";

    internal string Lan => _prefix + "l";

    /// <summary>Root of the host's files.</summary>
    internal string Root { get; }

    internal MemoryStore Store { get; } = new();

    internal string OnHost(string command) => Run($"ip netns exec {Host} {command}");

    internal string OnLan(string command) => Run($"ip netns exec {Lan} {command}");

    /// <summary>Waits until a NIC has the link-local address that comes with its carrier: a picture taken before that is of another host.</summary>
    internal void AwaitLinkLocal(string nic)
    {
        if (!SpinWait.SpinUntil(() => OnHost($"ip -6 address show dev {nic} scope link").Length > 0, TimeSpan.FromSeconds(30)))
            throw new TimeoutException($"{nic} got no link-local address: {OnHost("ip address")}");
    }

    /// <summary>A bridge br0 that has the NIC's MAC, as the bridge driver makes it before the uplink.</summary>
    internal void AddBridge(string options = "")
    {
        var mac = OnHost("cat /sys/class/net/eth1/address").Trim();
        OnHost($"ip link add br0 address {mac} type bridge {options}");
        OnHost("ip link set br0 up");
    }

    internal static UplinkResource Uplink => new("lab", "office", "eth1", "br0");

    internal void Attach(UplinkResource? r = null) => Apply(new Step(null, r ?? Uplink, "test"));

    internal void Detach(UplinkResource? r = null) => Apply(new Step(r ?? Uplink, null, "test"));

    internal void Apply(Step step) => NetNamespace.Run(Host, () =>
    {
        using var driver = new UplinkDriver(Store, Root);
        driver.Apply([step]);
    });

    internal IReadOnlyList<Resource> Read() => NetNamespace.Run(Host, () =>
    {
        using var driver = new UplinkDriver(Store, Root);
        return driver.Read(Engine.Drivers.ReadScope.All).ToList();
    });

    /// <summary>Everything that must be as before when the NIC is back: without counters, remaining lifetimes and the bridge.</summary>
    internal string Picture() => string.Join("\n", new[]
    {
        OnHost("ip -d address show dev eth1"),
        OnHost("ip -d -4 route show table all"), OnHost("ip -d -6 route show table all"),
        OnHost("ip -4 rule"), OnHost("ip -6 rule"),
        OnHost("ip neigh show dev eth1 nud permanent"), OnHost("ip neigh show proxy dev eth1"),
    }.Select(Normal));

    private static string Normal(string text) => string.Join('\n', text.Split('\n')
        .Select(l => System.Text.RegularExpressions.Regex.Replace(l.TrimEnd(), @"(valid_lft|preferred_lft|expires) \d+sec", "$1 N"))
        .Where(l => !l.Contains("br0", StringComparison.Ordinal) && !l.StartsWith("local fe80:", StringComparison.Ordinal) && !l.StartsWith("anycast fe80:", StringComparison.Ordinal))
        // Duplicate address detection ends when it ends; then come the local routes of what it was about.
        .Select(l => l.Replace(" tentative", "", StringComparison.Ordinal)));

    private static void Ip(string arguments) => Run($"ip {arguments}");

    internal static string Run(string command)
    {
        var parts = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var start = new ProcessStartInfo(parts[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var p in parts[1..]) start.ArgumentList.Add(p);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{command}: {process.ExitCode}: {output}{error.Result}");
    }

    /// <summary>Starts a program of the LAN or host that runs on; the caller ends it.</summary>
    internal static Process Start(string space, params string[] command)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", space, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        NetNamespace.Delete(Host);
        NetNamespace.Delete(Lan);
        Directory.Delete(Root, true);
    }
}

/// <summary>An uplink store in memory.</summary>
internal sealed class MemoryStore : IUplinkStore
{
    private readonly Dictionary<string, string> _kept = [];

    public IReadOnlyCollection<string> Nics => _kept.Keys;

    public string? Load(string nic) => _kept.GetValueOrDefault(nic);

    public void Save(string nic, string json) => _kept[nic] = json;

    public void Delete(string nic) => _kept.Remove(nic);
}
