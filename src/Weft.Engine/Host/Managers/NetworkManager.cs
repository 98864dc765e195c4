using Weft.Core.Model;
using Weft.Engine.Host.Uplink;

namespace Weft.Engine.Host.Managers;

/// <summary>What NetworkManager does with a NIC: everything that its configuration does not leave out (NetworkManager.conf(5)).</summary>
internal static class NetworkManager
{
    private const string Main = "/etc/NetworkManager/NetworkManager.conf";
    private static readonly string[] _profiles =
        ["/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections", "/usr/lib/NetworkManager/system-connections"];

    /// <summary>The manager; null when it leaves the NIC alone.</summary>
    /// <param name="tree">The host's files.</param>
    /// <param name="nic">The NIC.</param>
    /// <param name="inInterfaces">/etc/network/interfaces has a stanza for it.</param>
    public static NicManager? Of(HostTree tree, Nic nic, bool inInterfaces)
    {
        var settings = Configuration(tree);
        if (IsLeftOut(settings, nic) || (inInterfaces && !IniText.IsTrue(settings.Last("ifupdown", "managed")) && ReadsInterfaces(settings))) return null;
        var (path, profile) = Profile(tree, nic);
        var dhcp = profile is null || Method(profile, "ipv4") == "auto";
        return new(nic.Name, "networkmanager", path ?? Main, dhcp) { LeaseEnds = dhcp && !NetworkManagerLease.HasSuccessor(tree) };
    }

    // conf.d of the distribution, then of this boot, then the main file, then the administrator's.
    private static List<IniSetting> Configuration(HostTree tree)
    {
        var snippets = tree.Layered(".conf", "/etc/NetworkManager/conf.d", "/run/NetworkManager/conf.d", "/usr/lib/NetworkManager/conf.d").ToList();
        var mine = snippets.Where(s => s.StartsWith("/etc/", StringComparison.Ordinal)).ToList();
        return [.. snippets.Except(mine).Append(Main).Concat(mine).SelectMany(p => IniText.Read(tree.Text(p) ?? ""))];
    }

    private static bool ReadsInterfaces(List<IniSetting> settings) =>
        settings.Last("main", "plugins") is not { } plugins || plugins.Contains("ifupdown", StringComparison.Ordinal);

    private static bool IsLeftOut(List<IniSetting> settings, Nic nic) =>
        DeviceList.Matches(Unmanaged(settings), nic)
        || settings.Where(s => s.Section.StartsWith("device", StringComparison.Ordinal)).GroupBy(s => s.Section)
            .Any(g => IniText.IsFalse(g.Last(g.Key, "managed")) && (g.Last(g.Key, "match-device") is not { } list || DeviceList.Matches(DeviceList.Split(list), nic)));

    // Key+ adds to the list, key- takes away from it, key alone begins it anew.
    private static List<string> Unmanaged(List<IniSetting> settings)
    {
        var list = new List<string>();
        foreach (var s in settings.Where(s => s.Section == "keyfile" && s.Key.StartsWith("unmanaged-devices", StringComparison.Ordinal)))
        {
            if (s.Key == "unmanaged-devices") list.Clear();
            if (s.Key == "unmanaged-devices-") list.RemoveAll(DeviceList.Split(s.Value).Contains);
            else list.AddRange(DeviceList.Split(s.Value));
        }
        return list;
    }

    // The profile of this name, else of this address, else one for any Ethernet. Without one NetworkManager makes itself one, with DHCP.
    private static (string?, List<IniSetting>?) Profile(HostTree tree, Nic nic)
    {
        var all = tree.Layered(".nmconnection", _profiles).Select(p => (Path: p, Settings: IniText.Read(tree.Text(p) ?? ""))).ToList();
        var best = all.FirstOrDefault(p => p.Settings.Last("connection", "interface-name") is { } name && nic.Names.Contains(name));
        if (best.Path is null) best = all.FirstOrDefault(p => Mac(p.Settings) is { } mac && nic.HasMac(mac));
        if (best.Path is null) best = all.FirstOrDefault(p => p.Settings.Last("connection", "interface-name") is null && Mac(p.Settings) is null && Fits(p.Settings, nic));
        return best;
    }

    private static string? Mac(List<IniSetting> p) => p.Last("ethernet", "mac-address") ?? p.Last("802-3-ethernet", "mac-address");

    private static bool Fits(List<IniSetting> p, Nic nic) => nic.Kind.Length == 0 && !nic.Wireless
        && p.Last("connection", "type") is "ethernet" or "802-3-ethernet" && !IniText.IsFalse(p.Last("connection", "autoconnect"));

    private static string Method(List<IniSetting> p, string family) => p.Last(family, "method") ?? "auto";
}
