using Weft.Engine.Machines;
using Weft.Lab.Tests.Adopt;
using Weft.Lab.Tests.Cli;
using Weft.Lab.Tests.Daemon;
using Weft.Lab.Tests.Netns;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>Addresses that Weft did not give are learnt from what machines tell their neighbours.</summary>
public sealed class SeenTests
{
    private const string Project = """
        version: 1
        name: lab
        networks: { office: { mode: bridge, uplink: eth1 } }
        machines: { web1: { network: office, mac: "52:54:00:00:00:0a" } }
        """;

    [Fact]
    public void On_a_bridge_whose_addresses_the_lan_gives_they_are_shown()
    {
        using var lab = new EngineLab();
        lab.Apply(Project);
        using var watch = new WatchRun(lab);
        using var guest = new VethGuest(lab, "wb-office", "198.51.100.77/24", mac: "52:54:00:00:00:0a");
        HostLab.Run($"ip netns exec {guest.Space} ip -6 address add 2001:db8:51::77/64 dev eth0 nodad");
        using (var first = HostLab.Start(guest.Space, "ping", "-i", "0.2", "198.51.100.1"))
        {
            watch.Next(MachineEventKind.Attached, guest.Link); // by the first frame that is sent once it is looked for
            first.Kill();
            first.WaitForExit();
        }
        foreach (var neighbour in (string[])["198.51.100.1", "2001:db8:51::1"])
        {
            HostLab.Run($"ip netns exec {guest.Space} ip neigh flush dev eth0"); // it asks again
            Assert.True(SpinWait.SpinUntil(() => Ping(guest, neighbour), 60_000), $"{neighbour} does not answer");
        }
        var shown = CliLab.Document(WeftProgram.Run("--netns", lab.Host, "--state", lab.State, "show", "addresses", "--json")).GetProperty("addresses").EnumerateArray()
            .Select(a => $"{a.GetProperty("machine")} {a.GetProperty("address")} given {a.GetProperty("given")} {a.GetProperty("source")}").Order(StringComparer.Ordinal);
        Assert.Equal(["web1 198.51.100.77 given False arp", "web1 2001:db8:51::77 given False nd"], shown);
    }

    [Fact]
    public async Task What_a_DHCP_server_of_the_lan_gives_is_shown()
    {
        using var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", Project);
        using var guest = new VethGuest(lab.Host, "wb-office", "203.0.113.77/32", mac: "52:54:00:00:00:0a");
        var folder = Directory.CreateTempSubdirectory("weft-lease-").FullName;
        using var server = Serve(lab.Host, folder);
        HostLab.Run($"ip netns exec {guest.Space} busybox udhcpc -f -n -q -t 60 -T 1 -i eth0 -s /bin/true"); // nothing is set: no ARP tells of it
        Assert.True(SpinWait.SpinUntil(() => !HostLab.Run($"ip -n {guest.Space} -6 address show dev eth0 scope link").Contains("tentative", StringComparison.Ordinal), TimeSpan.FromMinutes(1)));
        HostLab.Run($"ip netns exec {guest.Space} dhclient -6 -1 -sf /bin/true -lf {folder}/leases -pf {folder}/pid -cf /dev/null eth0");
        string[] wanted = ["web1 198.51.100.77 dhcp", "web1 2001:db8:51::77 dhcp"];
        await Shown(lab, wanted);

        await lab.Kill();
        await Shown(await lab.Up(), wanted); // it is known to the next daemon too
        Directory.Delete(folder, true);
    }

    private static System.Diagnostics.Process Serve(EngineLab lab, string folder)
    {
        var server = HostLab.Start(lab.Lan, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=peer", "--bind-dynamic", "--log-facility=-",
            "--dhcp-range=198.51.100.77,198.51.100.77,1h", "--dhcp-range=2001:db8:51::77,2001:db8:51::77,64,1h", $"--dhcp-leasefile={folder}/server", "--pid-file=", "--user=root", "--no-ping");
        while (server.StandardError.ReadLine() is { } line && !line.Contains("DHCPv6, IP range", StringComparison.Ordinal)) Assert.False(server.HasExited, line);
        return server;
    }

    private static async Task Shown(DaemonLab lab, string[] wanted)
    {
        string[] shown = [];
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !shown.SequenceEqual(wanted) && clock.Elapsed < TimeSpan.FromMinutes(1); await Task.Delay(50)) // what the daemon says is up to a second old
            shown = [.. (await lab.Get("/v1/addresses")).GetProperty("addresses").EnumerateArray().Select(a => $"{a.GetProperty("machine")} {a.GetProperty("address")} {a.GetProperty("source")}").Order(StringComparer.Ordinal)];
        Assert.Equal(wanted, shown);
    }

    private static bool Ping(VethGuest guest, string to)
    {
        using var ping = HostLab.Start(guest.Space, "ping", "-q", "-c", "1", "-W", "1", to);
        ping.WaitForExit();
        return ping.ExitCode == 0;
    }
}
