using System.Collections.Immutable;
using CsCheck;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Machines;
using Weft.Linux.Libvirt;
using Xunit;

namespace Weft.Engine.Tests.Machines;

public sealed class GuestIdentityTests
{
    [Theory]
    [InlineData("fe:54:00:00:00:0a", "52:54:00:00:00:0a", true)]
    [InlineData("fa:54:00:00:00:0a", "fe:54:00:00:00:0a", true)]
    [InlineData("fe:54:00:00:00:0a", "52:54:00:00:00:0b", false)]
    [InlineData("02:54:00:00:00:0a", "52:54:00:00:00:0a", false)]
    public void A_tap_of_libvirts_tells_five_bytes(string tap, string machine, bool may) => Assert.Equal(may, GuestIdentity.OfTap(Mac(tap)).MayBe(Mac(machine)));

    [Theory]
    [InlineData("qemu -name guest=web1,debug-threads=on -netdev tap,id=n0,ifname=tap3,script=no -device virtio-net-pci,netdev=n0,mac=52:54:00:00:00:0a -device virtio-net-pci,netdev=n1,mac=52:54:00:00:00:0b", "web1", "52:54:00:00:00:0a")]
    [InlineData("qemu -name web1 -netdev bridge,id=n0,br=wb-dev -device e1000,netdev=n0,mac=52:54:00:00:00:0a", "web1", "52:54:00:00:00:0a")]
    [InlineData("qemu -nic bridge,br=wb-dev,model=virtio,mac=52:54:00:00:00:0a", null, "52:54:00:00:00:0a")]
    [InlineData("qemu -netdev bridge,id=a,br=x -device e1000,netdev=a,mac=52:54:00:00:00:0a -netdev bridge,id=b,br=y -device e1000,netdev=b,mac=52:54:00:00:00:0b", null, null)]
    [InlineData("qemu -device {\"driver\":\"virtio-net-pci\",\"netdev\":\"h0\",\"mac\":\"52:54:00:00:00:0a\"} -name guest=db1", "db1", "52:54:00:00:00:0a")]
    [InlineData("cloud-hypervisor --net tap=tap3,mac=52:54:00:00:00:0a", null, "52:54:00:00:00:0a")]
    [InlineData("qemu -device {broken,netdev=x -name", null, null)]
    public void A_hypervisors_arguments_tell_name_and_mac(string line, string? name, string? mac) =>
        Assert.Equal((name, mac), QemuCommandLine.Read(line.Split(' '), "tap3") is var i ? (i.Machine, i.Mac?.ToString()) : default);

    [Fact]
    public void No_arguments_are_a_fault() => Gen.OneOf(Gen.String, Gen.Int[0, 7].Select(i => new[] { "-name", "-netdev", "-device", "-nic", "{\"netdev\":1}", "tap,ifname=tap3", "netdev=,mac=", "," }[i])).Array
        .Sample(a => Assert.NotNull(QemuCommandLine.Read(a, "tap3")));

    [Fact]
    public void Networks_of_others_are_never_touched()
    {
        ImmutableArray<NetworkAllocation> given = [Given("dev"), Given("test"), Given("ops")];
        LibvirtNetwork[] there =
        [
            There("lab.dev", "wb-dev", "dev"), There("lab.test", "wb-old", "test"), There("lab.gone", "wb-gone", "gone"),
            new("lab.ops", "<network><name>lab.ops</name></network>", true, true), new("default", "<network><name>default</name></network>", false, false),
        ];
        var todo = LibvirtNetworks.Compare(given, there);
        Assert.Equal((["lab.test"], ["lab.test", "lab.gone"], ["lab.ops"]), (todo.Put.Select(n => n.Name).ToArray(), todo.Remove.ToArray(), todo.Taken.ToArray()), Same);
        Assert.Equal(["lab.dev"], LibvirtNetworks.Compare([Given("dev")], [There("lab.dev", "wb-dev", "dev") with { Active = false }]).Put.Select(n => n.Name));
    }

    [Fact]
    public void A_network_that_was_libvirts_is_listed_by_its_old_name_alone()
    {
        var adopted = Given("default") with { Adopted = new([new LibvirtNetworkResource(Resource.Foreign, "default", "default", "wb-default")]) };
        var todo = LibvirtNetworks.Compare([adopted], [There("default", "wb-default", "default"), There("lab.default", "wb-default", "default")]);
        Assert.Equal(([], ["lab.default"], []), (todo.Put.Select(n => n.Name).ToArray(), todo.Remove.ToArray(), todo.Taken.ToArray()), Same);
        Assert.Equal(["lab.default"], LibvirtNetworks.Compare([adopted with { Adopted = new([]) }], []).Put.Select(n => n.Name)); // a bridge that was none of libvirt's
    }

    private static bool Same((string[], string[], string[]) a, (string[], string[], string[]) b) => a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3);

    private static NetworkAllocation Given(string network) => new("lab", network, $"wb-{network}", new(1), []);

    private static LibvirtNetwork There(string name, string bridge, string network) => new(name, new NetworkXml(name, bridge, "lab", network).Write(), true, true);

    private static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new FormatException(text);
}
