using Xunit;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Engine.Dhcp;
using Weft.Engine.Drivers;
using Weft.Tests;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>A host with bridges, and machines on them: each a namespace of its own behind a veth.</summary>
internal sealed class DhcpLab : IDisposable
{
    private readonly TestNamespace _host = new();
    private readonly List<TestNamespace> _machines = [];
    private readonly string _root = Directory.CreateTempSubdirectory("weft-dhcp-").FullName;
    private int _links;

    internal DhcpLab()
    {
        // dnsmasq's account must get through.
        File.SetUnixFileMode(_root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        File.WriteAllText($"{_root}/resolv.conf", "");
        Paths = new(Path.Combine(_root, "state"), Path.Combine(_root, "run"), $"{_root}/resolv.conf");
    }

    internal TestNamespace Host => _host;

    internal DhcpPaths Paths { get; }

    /// <summary>The process's number, as its pid file has it.</summary>
    internal int Pid => PidOf(Paths);

    /// <summary>0 while there is none: dnsmasq removes the file before it writes it.</summary>
    internal static int PidOf(DhcpPaths paths)
    {
        try
        {
            return int.TryParse(File.ReadAllText(paths.Pid), CultureInfo.InvariantCulture, out var id) ? id : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    internal bool Runs => Pid != 0 && File.Exists($"/proc/{Pid}/cmdline") && File.ReadAllText($"/proc/{Pid}/cmdline").Contains(Paths.Run, StringComparison.Ordinal);

    /// <summary>A bridge with the host's addresses, .1 and ::1 of network number n.</summary>
    internal void Bridge(string link, int n)
    {
        _host.Ip("link", "add", "name", link, "type", "bridge", "mcast_snooping", "0");
        _host.Ip("address", "add", $"10.20.{n}.1/24", "dev", link);
        _host.Ip("address", "add", $"fd00:{n}::1/64", "dev", link, "nodad");
        _host.Ip("link", "set", "dev", link, "up");
    }

    internal static DhcpScopeResource Scope(string link, int n, bool v6 = true, bool unknown = true) => new("lab", link, link)
    {
        Ranges = [Range4(n, unknown), .. v6 ? [Range6(n, unknown)] : ImmutableArray<DhcpRange>.Empty],
        Domain = $"{link}.weft",
        Mtu = 1400,
        LeaseSeconds = 600,
    };

    private static DhcpRange Range4(int n, bool unknown)
    {
        var net = IpPrefix.Parse($"10.20.{n}.0/24");
        return new(net, net.Nth(1), unknown ? net.Nth(192) : net.Address, unknown ? net.Nth(254) : net.Address, StaticOnly: !unknown);
    }

    internal static DhcpRange Range6(int n, bool unknown, bool stateful = true)
    {
        var net = IpPrefix.Parse($"fd00:{n}::/64");
        return new(net, net.Nth(1), unknown ? net.Nth(0x10000) : net.Address, unknown ? net.Nth(0x1ffff) : net.Address, !unknown, stateful);
    }

    internal static DhcpHostResource Machine(string link, int n, int number, string name) =>
        new("lab", link, link, name, new MacAddress(0x0a0000000000UL + (ulong)((n << 8) + number)))
        {
            Addresses = [IPAddress.Parse($"10.20.{n}.{number}"), IPAddress.Parse($"fd00:{n}::{number:x}")],
        };

    /// <summary>A namespace on the bridge, with the machine's MAC, its link up.</summary>
    internal TestNamespace Attach(string link, MacAddress mac)
    {
        var machine = new TestNamespace();
        _machines.Add(machine);
        var port = $"p{++_links}";
        _host.Ip("link", "add", "name", port, "type", "veth", "peer", "name", "eth0", "address", mac.ToString(), "netns", machine.Name);
        _host.Ip("link", "set", port, "master", link, "up");
        machine.Ip("link", "set", "eth0", "up");
        return machine;
    }

    internal void Create(params Resource[] resources) => Apply([.. resources.Select(r => new Step(null, r, "test"))]);

    internal void Delete(params Resource[] resources) => Apply([.. resources.Select(r => new Step(r, null, "test"))]);

    internal void Apply(params Step[] steps) => _host.Run(() => new DhcpDriver(Paths).Apply(steps));

    internal IReadOnlyList<Resource> Read(params ResourceKey[] keys) =>
        _host.Run(() => new DhcpDriver(Paths).Read(keys.Length == 0 ? ReadScope.All : new ReadScope(keys)).ToList());

    /// <summary>Kills dnsmasq and waits until it has ended; its number.</summary>
    internal int Kill()
    {
        var pid = Pid;
        using var process = Weft.Linux.Processes.ProcessHandle.Open(pid)!;
        process.Signal(9);
        process.WaitForExit(-1);
        return pid;
    }

    /// <summary>The leases when there are so many: dnsmasq writes its file after it has answered the client.</summary>
    internal async Task<IReadOnlyList<DhcpLease>> Leases(int count) => await Until(() => DhcpLeases.Read(Paths), l => l.Length == count, "leases");

    /// <summary>Asks again until the answer is as wanted: what inotify tells dnsmasq takes a moment.</summary>
    internal static async Task<T> Until<T>(Func<T> ask, Func<T, bool> wanted, string otherwise)
    {
        var answer = ask();
        for (var i = 0; i < 100 && !wanted(answer); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            answer = ask();
        }
        Assert.True(wanted(answer), $"{otherwise}: {answer}");
        return answer;
    }

    public void Dispose()
    {
        if (Runs) System.Diagnostics.Process.GetProcessById(Pid).Kill();
        foreach (var m in _machines) m.Dispose();
        _host.Dispose();
        Directory.Delete(_root, true);
    }
}
