using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Vm;

/// <summary>The program weft on the distribution's kernel, in a sandbox in the lab VM.</summary>
[Collection(VmCollection.Name)]
public sealed class KernelHostTests
{
    // The published program, where it is not older than the built one: compiling as it runs, .NET is slow on an emulated processor.
    private static readonly string s_weft = new[] { RepoFiles.Path("out", "weft"), WeftProgram.Path }
        .Where(File.Exists).MaxBy(p => File.GetLastWriteTimeUtc(Path.ChangeExtension(p, ".dll") is var dll && File.Exists(dll) ? dll : p))!;

    private static string Start => $$"""
        weft() { {{s_weft}} "$@"; }
        box() { ip netns exec box "$@"; }
        world() { ip netns exec box-world "$@"; }
        weft sandbox up box >/dev/null

        """;

    public KernelHostTests() => LabVm.Demand();

    /// <summary>Everything that the files ask for is there, read back from this kernel; and after destroy the uplink has its addresses.</summary>
    [Fact]
    public void Examples_are_applied_and_destroyed()
    {
        string[] examples = ["first", "vlan", "stp"];
        var printed = LabVm.Succeed(Start + $"""
            for example in {string.Join(' ', examples)}; do
                weft --netns box apply examples/$example.yaml --yes | tail -n 1
                weft --netns box plan examples/$example.yaml
                weft --netns box destroy $example --yes | tail -n 1
                box ip -br address show dev eth1
            done
            """);
        Assert.Equal(2 * examples.Length, printed.Split("read back and found as wanted").Length - 1);
        Assert.All(examples, e => Assert.Contains($"{e}: the host is as declared, nothing to do", printed, StringComparison.Ordinal));
        Assert.Equal(examples.Length, printed.Split("198.51.100.2/24 2001:db8:51::2/64").Length - 1);
    }

    /// <summary>Only tagged frames of VLAN 10 lead to this DHCP server; the machine on the access port knows nothing of tags.</summary>
    [Fact]
    public void A_machine_on_an_access_port_is_in_its_VLAN_with_vhost()
    {
        var printed = LabVm.Succeed(Start + """
            modprobe -a kvm_amd vhost_net # QEMU emulates AMD's virtualization, so that guests run at the speed of the emulated processor
            world ip link add link office name office.10 type vlan id 10
            world ip address add 198.51.110.1/24 dev office.10
            world ip link set office.10 up
            world dnsmasq --conf-file=/dev/null --interface=office.10 --except-interface=lo --bind-interfaces --port=0 \
                --dhcp-range=198.51.110.100,198.51.110.199,1h --dhcp-option=option:dns-server,198.51.100.1 \
                --dhcp-leasefile=/run/office10.leases --pid-file=/run/office10.pid
            weft --netns box apply examples/vlan.yaml --yes >/dev/null
            box bridge vlan show dev wt-web1
            qemu=$(weft --netns box port show web1 | sed -n 's/^ *QEMU *//p')
            WEFT_LAB_ACCEL=kvm box lab/guest --name web1 --no-ipv6 --stop -- ${qemu/downscript=no/downscript=no,vhost=on}
            """);
        Assert.Matches(@"wt-web1\s+10 PVID Egress Untagged", printed);
        Assert.Contains("GUEST ipv4 198.51.110.1", printed, StringComparison.Ordinal);
        Assert.Contains("GUEST web4 hello from the world, 198.51.110.1", printed, StringComparison.Ordinal);
        Assert.Contains("GUEST ready", printed, StringComparison.Ordinal);
    }

    /// <summary>The bond's address moves to the bridge, and the host goes on reaching its LAN by it, also when the other NIC takes over.</summary>
    [Fact]
    public void A_bridge_over_a_bond_of_two_NICs()
    {
        var printed = LabVm.Succeed(Start + """
            world ip link add lan type bridge
            world ip link add spare type veth peer name eth2 netns box
            world ip address flush dev office
            world ip address add 198.51.100.1/24 dev lan
            for link in office spare; do world ip link set $link master lan up; done
            world ip link set lan up
            box ip link add bond0 type bond mode active-backup miimon 100
            for link in eth1 eth2; do box ip address flush dev $link; box ip link set $link down; box ip link set $link master bond0; done
            box ip address add 198.51.100.2/24 dev bond0
            box ip link set bond0 up
            printf '%s\n' 'version: 1' 'name: bonded' 'networks: { office: { mode: bridge, uplink: bond0 } }' >/run/bonded.yaml
            weft --netns box apply /run/bonded.yaml --yes | tail -n 1
            weft --netns box plan /run/bonded.yaml
            box ip -br address show dev wb-office
            box ping -c 1 -W 5 198.51.100.1 | grep 'bytes from'
            world ip link set office down
            box ping -c 5 -W 5 198.51.100.1 | grep -m 1 'bytes from'
            weft --netns box destroy bonded --yes | tail -n 1
            box ip -br address show dev bond0
            """);
        Assert.Contains("bonded: the host is as declared, nothing to do", printed, StringComparison.Ordinal);
        Assert.Matches(@"wb-office\s+\S+\s+198\.51\.100\.2/24", printed);
        Assert.Matches(@"bond0\s+UP\s+198\.51\.100\.2/24", printed);
        Assert.Equal(2, printed.Split("bytes from 198.51.100.1").Length - 1);
    }
}
