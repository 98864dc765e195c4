using Weft.Linux.Libc;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host.Uplink;

/// <summary>Per-link kernel settings (/proc/sys/net/ipv4|ipv6/conf/LINK).</summary>
internal static class LinkSysctls
{
    private static readonly string[] _families = ["ipv4", "ipv6"];
    // Read-only, secret, or of the link itself.
    private static readonly HashSet<string> _own = ["mtu", "mc_forwarding", "stable_secret", "tag", "bc_forwarding", "force_igmp_version"];

    /// <summary>
    /// Gives the bridge the settings that the administrator gave the NIC: those that differ from the default on the NIC, and do not on the bridge.
    /// </summary>
    internal static void Carry(string nic, string bridge)
    {
        foreach (var family in _families.Where(f => Sysctl.Exists(Folder(f, nic))))
            foreach (var file in Directory.EnumerateFiles($"/proc/sys/{Folder(family, nic)}").Select(f => Path.GetFileName(f)).Where(f => !_own.Contains(f)))
                CarryOne(family, file, nic, bridge);
    }

    private static void CarryOne(string family, string name, string nic, string bridge)
    {
        var (value, standard, there) = (Get(family, nic, name), Get(family, "default", name), Get(family, bridge, name));
        if (value is null || value == standard || there != standard) return;
        Sysctl.Write($"{Folder(family, bridge)}/{name}", value);
    }

    /// <summary>
    /// Runs the action while packets may come in by the bridge whose answers still leave by the NIC: loose reverse path filtering on the bridge (RFC
    /// 3704) for as long as that lasts. The kernel takes the larger of the link's value and of "all", so that 2 overrules a strict 1.
    /// </summary>
    internal static void WithLoosePath(string bridge, Action action)
    {
        var path = $"{Folder("ipv4", bridge)}/rp_filter";
        var before = Sysctl.Read(path);
        var strict = before == "1" || Get("ipv4", "all", "rp_filter") == "1";
        if (strict) Sysctl.Write(path, "2");
        try
        {
            action();
        }
        finally
        {
            if (strict) Sysctl.Write(path, before);
        }
    }

    /// <summary>A setting of a link; null when the kernel has none, or none that can be read.</summary>
    internal static string? Get(string family, string link, string name)
    {
        try
        {
            return Sysctl.TryRead($"{Folder(family, link)}/{name}");
        }
        catch (LinuxException) // stable_secret and the like say EIO until they are set
        {
            return null;
        }
    }

    private static string Folder(string family, string link) => $"net/{family}/conf/{link}";
}
