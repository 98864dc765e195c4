namespace Weft.Linux.Sysfs;

/// <summary>What sysfs says of a link and netlink does not.</summary>
/// <param name="Physical">A device is behind it: PCI, USB, virtio, a paravirtual bus; not a bridge, tap, bond or VLAN.</param>
/// <param name="Wireless">An IEEE 802.11 interface.</param>
/// <param name="Driver">Name of the kernel driver of the device; null when there is no device, or it has none.</param>
public sealed record NicFacts(bool Physical, bool Wireless, string? Driver)
{
    /// <summary>Reads them. /sys shows the network namespace that it was mounted in.</summary>
    /// <param name="link">Name of the link.</param>
    /// <param name="sys">Where sysfs is mounted.</param>
    /// <returns>All false for a link that is not there.</returns>
    public static NicFacts Read(string link, string sys = "/sys")
    {
        var folder = $"{sys}/class/net/{link}";
        // wireless comes from wireless extensions, which newer kernels may leave out; phy80211 from cfg80211.
        return new(Directory.Exists($"{folder}/device"), Directory.Exists($"{folder}/wireless") || Directory.Exists($"{folder}/phy80211"), DriverOf(folder));
    }

    private static string? DriverOf(string folder) =>
        new FileInfo($"{folder}/device/driver").LinkTarget is { } target ? Path.GetFileName(target) : null;
}
