using Weft.Linux.Sysfs;
using Weft.Tests;

namespace Weft.Linux.Tests.Sysfs;

public sealed class NicFactsTests : IDisposable
{
    private readonly string _sys = Directory.CreateTempSubdirectory("weft-sys").FullName;

    public void Dispose() => Directory.Delete(_sys, true);

    [Fact]
    public void A_nic_has_a_device_and_its_driver()
    {
        Device("eth0", "virtio_net");
        Assert.Equal(new NicFacts(true, false, "virtio_net"), NicFacts.Read("eth0", _sys));
    }

    [Theory]
    [InlineData("wireless")]
    [InlineData("phy80211")]
    public void A_wireless_nic_is_told_by_either_folder(string folder)
    {
        Device("wlan0", "iwlwifi");
        Directory.CreateDirectory($"{_sys}/class/net/wlan0/{folder}");
        Assert.Equal(new NicFacts(true, true, "iwlwifi"), NicFacts.Read("wlan0", _sys));
    }

    [Fact]
    public void Devices_without_a_driver_and_links_that_are_not_there_are_no_faults()
    {
        Directory.CreateDirectory($"{_sys}/class/net/eth0/device");
        Assert.Equal(new NicFacts(true, false, null), NicFacts.Read("eth0", _sys));
        Assert.Equal(new NicFacts(false, false, null), NicFacts.Read("gone0", _sys));
    }

    [Fact]
    public void Links_made_of_software_have_no_device()
    {
        using var ns = new TestNamespace();
        ns.Ip("link", "add", "br0", "type", "bridge");
        Assert.Equal(new NicFacts(false, false, null), ns.Run(() => NicFacts.Read("br0")));
    }

    // As in sysfs: class/net/NAME/device leads to the device's folder, whose driver leads to the driver's.
    private void Device(string link, string driver)
    {
        Directory.CreateDirectory($"{_sys}/class/net/{link}");
        Directory.CreateDirectory($"{_sys}/devices/pci0/dev-{link}");
        Directory.CreateDirectory($"{_sys}/bus/drivers/{driver}");
        File.CreateSymbolicLink($"{_sys}/class/net/{link}/device", $"../../../devices/pci0/dev-{link}");
        File.CreateSymbolicLink($"{_sys}/devices/pci0/dev-{link}/driver", $"../../../bus/drivers/{driver}");
    }
}
