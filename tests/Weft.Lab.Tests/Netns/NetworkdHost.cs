using System.Diagnostics;
using Weft.Engine;
using Weft.Linux.Route;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>
/// A host whose NIC eth1 systemd-networkd configures, the real one, with a D-Bus of its own; and a LAN. /run, /sys and /etc/systemd/network are the test's: the
/// thread that <see cref="Run"/> makes has its own mounts.
/// </summary>
internal sealed class NetworkdHost : IDisposable
{
    private const string Networkd = "/lib/systemd/systemd-networkd";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly TestNamespace _host = new();
    private readonly List<Process> _started = [];

    public NetworkdHost()
    {
        foreach (var program in new[] { Networkd, "/usr/bin/networkctl", "/usr/bin/dbus-daemon" })
            if (!File.Exists(program)) Assert.Skip($"{program} is not installed");
        _host.Ip("link", "add", "eth1", "type", "veth", "peer", "name", "peer", "netns", Lan.Name);
        // Holds the LAN's namespace for those who do not see its name.
        Start("ip", "netns", "exec", Lan.Name, "sleep", "infinity");
        Lan.Ip("link", "set", "peer", "up");
        Lan.Ip("address", "add", "192.0.2.1/24", "dev", "peer");
    }

    public TestNamespace Lan { get; } = new();

    /// <summary>What a program is started with to run in the LAN.</summary>
    public string[] OnLan => ["nsenter", $"--net=/proc/{_started[0].Id}/ns/net"];

    /// <summary>A folder of the test.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("weft-networkd-").FullName;

    /// <summary>Runs on a thread where networkd has read a file for eth1 and is through with it.</summary>
    public void Run(string network, Action action, Action? before = null) => _host.Run(() =>
    {
        before?.Invoke();
        Mounts();
        File.WriteAllText("/etc/systemd/network/10-eth1.network", network);
        Start("dbus-daemon", "--system", "--nofork", "--nopidfile");
        Until(() => File.Exists("/run/dbus/system_bus_socket"), "D-Bus");
        Start(Networkd);
        Until(() => Setup("eth1") == "configured", "networkd to configure eth1");
        action();
    });

    /// <summary>What networkd says of a link: configured, unmanaged, configuring...</summary>
    public static string Setup(string link) =>
        Tool("networkctl", "list", "--no-legend", "--no-pager").Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(w => w.Length > 4 && w[1] == link)?[4] ?? "";

    public static string Tool(string program, params string[] arguments)
    {
        using var p = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = p.StandardError.ReadToEndAsync();
        var output = p.StandardOutput.ReadToEnd();
        p.WaitForExit();
        return p.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}");
    }

    public static void Until(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, _patience), $"waited for {what} in vain:\n{Tool("networkctl", "list", "--no-legend", "--no-pager")}{Tool("ip", "address")}");

    /// <summary>Addresses of a link that are not link-local, with their prefix lengths.</summary>
    public static IReadOnlyList<string> Addresses(string link)
    {
        using var route = new RouteSocket();
        return [.. route.Addresses(route.Link(link)!.Index).Where(a => !a.Address.IsIPv6LinkLocal).Select(a => a.ToString())];
    }

    public EngineOptions Options => new(new EnginePaths(Path.Combine(Folder, "state"), Path.Combine(Folder, "run")));

    /// <summary>Pings from the LAN until the action is through.</summary>
    /// <returns>How many of how many were lost.</returns>
    public (int Lost, int Sent) Pinging(string address, Action action)
    {
        using var ping = Process.Start(new ProcessStartInfo("nsenter", [.. OnLan[1..], "ping", "-i", "0.005", "-q", address]) { RedirectStandardOutput = true })!;
        try
        {
            action();
        }
        finally
        {
            Tool("kill", "-INT", ping.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)); // nsenter replaces itself by ping
        }
        var words = ping.StandardOutput.ReadToEnd().Split('\n').First(l => l.Contains("transmitted", StringComparison.Ordinal)).Split(' ');
        var (sent, received) = (int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture));
        return (sent - received, sent);
    }

    /// <summary>Starts a program in the namespace of this thread; it ends with the test.</summary>
    public void Start(string program, params string[] arguments) => _started.Add(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!);

    private static void Mounts()
    {
        Tool("mount", "-t", "tmpfs", "run", "/run");
        Tool("mount", "-t", "tmpfs", "network", "/etc/systemd/network");
        Tool("mount", "-o", "remount,ro", "/sys"); // without udev: else networkd waits for it to say that links are ready
        foreach (var folder in new[] { "dbus", "systemd/netif/links", "systemd/netif/leases", "systemd/netif/lldp" }) Directory.CreateDirectory($"/run/{folder}");
        Tool("chown", "-R", "systemd-network:systemd-network", "/run/systemd/netif");
    }

    public void Dispose()
    {
        foreach (var p in _started)
        {
            p.Kill();
            p.WaitForExit();
            p.Dispose();
        }
        _host.Dispose();
        Lan.Dispose();
        Directory.Delete(Folder, true);
    }
}
