using Weft.Engine.Machines;
using Weft.Lab.Tests.Adopt;
using Weft.Lab.Tests.Cli;
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
        Ping(guest, "198.51.100.1");
        watch.Next(MachineEventKind.Attached, guest.Link); // by its first frame
        foreach (var neighbour in (string[])["198.51.100.1", "2001:db8:51::1"])
        {
            HostLab.Run($"ip netns exec {guest.Space} ip neigh flush dev eth0"); // it asks again
            Assert.True(SpinWait.SpinUntil(() => Ping(guest, neighbour), 60_000), $"{neighbour} does not answer");
        }
        var shown = CliLab.Document(WeftProgram.Run("--netns", lab.Host, "--state", lab.State, "show", "addresses", "--json")).GetProperty("addresses").EnumerateArray()
            .Select(a => $"{a.GetProperty("machine")} {a.GetProperty("address")} given {a.GetProperty("given")}").Order(StringComparer.Ordinal);
        Assert.Equal(["web1 198.51.100.77 given False", "web1 2001:db8:51::77 given False"], shown);
    }

    private static bool Ping(VethGuest guest, string to)
    {
        using var ping = HostLab.Start(guest.Space, "ping", "-q", "-c", "1", "-W", "1", to);
        ping.WaitForExit();
        return ping.ExitCode == 0;
    }
}
