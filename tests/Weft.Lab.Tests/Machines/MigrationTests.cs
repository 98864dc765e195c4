using Weft.Engine.Machines;
using Weft.Lab.Tests.Netns;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>A machine moves from one host to another on the same LAN, as at the level of links a live migration does: for a while both hosts have its tap.</summary>
public sealed class MigrationTests
{
    private const string Project = """
        version: 1
        name: lab
        networks: { office: { mode: bridge, uplink: eth1, subnets: [198.51.100.0/24] } }
        machines: { web1: { network: office, mac: "52:54:00:00:00:0a", address: 198.51.100.50 } }
        """;
    private const string Mac = "52:54:00:00:00:0a", Other = "52:54:00:00:00:99";

    [Fact]
    public void A_machine_keeps_its_port_on_the_other_host_and_switches_learn_the_new_place()
    {
        using var here = new EngineLab();
        using var there = new EngineLab();
        Join(here, there);
        here.Apply(Project);
        there.Apply(Project); // both declare it, with its MAC and address
        using var watchHere = new WatchRun(here);
        using var watchThere = new WatchRun(there);
        var before = Appear(here, watchHere);
        AwaitPlace(here, Mac, "peer", () => before.Write(Announcement(Mac)));

        using var after = Appear(there, watchThere); // libvirt makes it when the migration begins
        Assert.Equal(Port(here), Port(there));
        AwaitPlace(here, Mac, "peer"); // nobody has announced anything yet
        AwaitPlace(here, Mac, "between", () =>
        {
            after.Write(Announcement(Other)); // not of its own MAC
            after.Write(Announcement(Mac)); // as QEMU does when the machine runs on, several times: a port may not forward yet
        });
        Assert.DoesNotContain(Other, here.OnLan("bridge fdb show br lan0"), StringComparison.Ordinal);

        before.Dispose();
        watchHere.Next(MachineEventKind.Detached, "vnet0");
        Assert.Null(here.Allocations.Ports.Single().Link);
        Assert.Equal("vnet0", there.Allocations.Ports.Single().Link);
        Assert.Contains("vnet0 is its hypervisor's", WeftProgram.Succeed("--netns", there.Host, "--state", there.State, "port", "show", "web1"), StringComparison.Ordinal);
        Assert.DoesNotContain("vnet0", WeftProgram.Succeed("--netns", here.Host, "--state", here.State, "port", "show", "web1"), StringComparison.Ordinal);
    }

    // One switch behind both NICs.
    internal static void Join(EngineLab here, EngineLab there)
    {
        HostLab.Run($"ip link add between netns {here.Lan} type veth peer name between netns {there.Lan}");
        foreach (var lab in (EngineLab[])[here, there])
        {
            lab.OnLan("ip link add lan0 type bridge");
            foreach (var link in (string[])["peer", "between"])
            {
                lab.OnLan($"ip link set {link} master lan0");
                lab.OnLan($"ip link set {link} up");
            }
            lab.OnLan("ip link set lan0 up");
        }
    }

    private static TapDevice Appear(EngineLab lab, WatchRun watch)
    {
        var tap = NetNamespace.Run(lab.Host, () => TapDevice.Open("vnet0"));
        lab.OnHost("ip link set vnet0 address fe:54:00:00:00:0a master wb-office up");
        watch.Next(MachineEventKind.Attached, "vnet0");
        return tap;
    }

    private static string Port(EngineLab lab) => lab.Allocations.Ports.Select(p => $"{p.Machine} {p.Mac} {string.Join(' ', p.Addresses)} {p.Link}").Single();

    internal static void AwaitPlace(EngineLab lab, string mac, string port, Action? announce = null)
    {
        Assert.True(SpinWait.SpinUntil(IsThere, 60_000), lab.OnLan("bridge fdb show br lan0"));

        bool IsThere()
        {
            announce?.Invoke();
            return lab.OnLan("bridge fdb show br lan0").Contains($"{mac} dev {port} ", StringComparison.Ordinal);
        }
    }

    // A reverse request (RFC 903) to all, as announce_self of QEMU makes it: an ARP frame of another Ethernet type and operation.
    private static byte[] Announcement(string mac)
    {
        var own = MacAddress.Parse(mac);
        var frame = ArpPacket.RequestFrame(own, System.Net.IPAddress.Any, System.Net.IPAddress.Any);
        (frame[12], frame[13], frame[21]) = (0x80, 0x35, 3);
        return frame;
    }
}
