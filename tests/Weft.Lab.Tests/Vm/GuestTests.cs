using System.Diagnostics;
using Xunit;

namespace Weft.Lab.Tests.Vm;

/// <summary>
/// Virtual machines on a bridge and a NAT network that weft made, attached with what weft port add prints: they boot, take their
/// addresses by DHCP over IPv4 and IPv6, resolve a name, reach the web server behind the uplink, and are reached.
/// </summary>
[Collection(VmCollection.Name)]
public sealed class GuestTests : IDisposable
{
    private const string Project = """
        version: 1
        name: guests
        networks:
          office: { mode: bridge, uplink: eth1 }
          dev:
            mode: nat
            subnets: [10.20.0.0/24, "fd00:20::/64"]
            forwards:
              - { listen: tcp/8080, to: "10.20.0.50:80" }
              - { listen: tcp/8086, to: "[fd00:20::50]:80" }
        """;

    private readonly string _sandbox = $"wvm{Environment.ProcessId}";
    private readonly string _file = Path.GetTempFileName();

    public GuestTests()
    {
        LabVm.Demand();
        WeftProgram.Succeed("sandbox", "up", _sandbox);
        File.WriteAllText(_file, Project);
    }

    public void Dispose()
    {
        WeftProgram.Succeed("sandbox", "down", _sandbox);
        File.Delete(_file);
    }

    [Fact]
    public async Task Machines_get_addresses_reach_the_world_and_are_reached_in_both_modes()
    {
        Weft("apply", _file, "--yes");
        using var web1 = new Guest(_sandbox, "web1", Weft("port", "add", "dev", "--name", "web1", "--address", "10.20.0.50", "--address", "fd00:20::50"));
        using var desk1 = new Guest(_sandbox, "desk1", Weft("port", "add", "office", "--name", "desk1"));

        var nat = await web1.Ready();
        Has(web1, nat, "ipv4 10.20.0.50 via 10.20.0.1 mtu 1500");
        Has(web1, nat, "ipv6 fd00:20::50 via fe80:");
        Has(web1, nat, "name www.example.com 203.0.113.10 2001:db8:113::10");
        Has(web1, nat, "web4 hello from the world, 192.0.2.2"); // masqueraded behind the host's addresses
        Has(web1, nat, "web6 hello from the world, 2001:db8:2::2");
        Has(web1, nat, "ready ");

        var bridged = await desk1.Ready();
        Has(desk1, bridged, "ipv4 198.51.100.1"); // .100 to .199, of the LAN's own DHCP server
        Has(desk1, bridged, "ipv6 2001:db8:51::1");
        Has(desk1, bridged, "name www.example.com 203.0.113.10 2001:db8:113::10");
        Has(desk1, bridged, "web4 hello from the world, 198.51.100.1");
        Has(desk1, bridged, "web6 hello from the world, 2001:db8:51::1");
        Has(desk1, bridged, "ready ");

        Assert.Equal("hello from web1\n", FromWorld("http://192.0.2.2:8080"));
        Assert.Equal("hello from web1\n", FromWorld("http://[2001:db8:2::2]:8086"));
        Assert.Equal("hello from desk1\n", FromWorld($"http://{Second(bridged, "ipv4")}"));
        Assert.Equal("hello from desk1\n", FromWorld($"http://[{Second(bridged, "ipv6")}]"));
        Assert.Contains("10.20.0.50", Weft("show", "leases"), StringComparison.Ordinal);
        Assert.Equal("hello from web1\n", WeftProgram.Succeed("sandbox", "exec", _sandbox, "--", "busybox", "wget", "-qO-", "http://10.20.0.50"));

        Weft("destroy", "guests", "--yes");
        Assert.Contains("198.51.100.2/24 2001:db8:51::2/64", WeftProgram.Succeed("sandbox", "exec", _sandbox, "--", "ip", "-br", "address", "show", "dev", "eth1"),
            StringComparison.Ordinal);
    }

    private string Weft(params string[] arguments) => WeftProgram.Succeed(["--netns", _sandbox, .. arguments]);

    private static void Has(Guest guest, IReadOnlyList<string> lines, string start) =>
        Assert.True(lines.Any(l => l.StartsWith(start, StringComparison.Ordinal)), $"no line '{start}' in\n{guest}");

    private static string Second(IReadOnlyList<string> lines, string first) => lines.First(l => l.StartsWith(first + " ", StringComparison.Ordinal)).Split(' ')[1];

    private string FromWorld(string url)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", _sandbox + "-world", "timeout", "20", "busybox", "wget", "-qO-", url])
        {
            RedirectStandardOutput = true,
        })!;
        var page = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return page;
    }
}
