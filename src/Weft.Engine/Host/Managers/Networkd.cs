using Weft.Core.Model;

namespace Weft.Engine.Host.Managers;

/// <summary>What systemd-networkd does with a NIC: the first of its .network files, by name, that matches (systemd.network(5)).</summary>
internal static class Networkd
{
    private static readonly string[] _folders =
        ["/etc/systemd/network", "/run/systemd/network", "/usr/local/lib/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network"];

    /// <summary>The manager, networkd or netplan that writes for it; null when it leaves the NIC alone.</summary>
    public static NicManager? Of(HostTree tree, Nic nic)
    {
        foreach (var path in tree.Layered(".network", _folders))
        {
            if (tree.Text(path) is not { } text) continue;
            if (!Matches(IniText.Read(text), nic)) continue;
            List<string> texts = [text, .. DropIns(tree, Path.GetFileName(path))];
            var settings = texts.SelectMany(IniText.Read).ToList();
            return IniText.IsTrue(settings.Last("Link", "Unmanaged")) ? null : new(nic.Name, Writer(path), path, IsDhcp(settings))
            {
                Settings = NetworkdLayer3.Of(texts) + (IsDhcp(settings) ? NetworkdIdentity.Of(tree, nic, settings) : ""),
            };
        }
        return null;
    }

    private static string Writer(string path) => Path.GetFileName(path).Contains("-netplan-", StringComparison.Ordinal) ? "netplan" : "networkd";

    private static bool IsDhcp(List<IniSetting> settings) =>
        settings.Last("Network", "DHCP") is { } dhcp && (IniText.IsTrue(dhcp) || dhcp is "ipv4" or "ipv6" or "both");

    private static IEnumerable<string> DropIns(HostTree tree, string name) =>
        tree.Layered(".conf", [.. _folders.Select(f => $"{f}/{name}.d")]).Select(p => tree.Text(p) ?? "");

    private static bool Matches(List<IniSetting> settings, Nic nic)
    {
        var match = settings.Where(s => s.Section == "Match").ToList();
        return match.Count > 0 && match.GroupBy(s => s.Key).All(g => Matches(g.Key, Values(g), nic));
    }

    // An empty value takes back those before it.
    private static List<string> Values(IEnumerable<IniSetting> settings)
    {
        var values = new List<string>();
        foreach (var s in settings)
        {
            if (s.Value.Length == 0) values.Clear();
            values.AddRange(s.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
        return values;
    }

    // What a file asks of the host beyond the NIC (Host, Virtualization, Path) is taken to hold: a drop-in too many does nothing.
    private static bool Matches(string key, List<string> values, Nic nic) => key switch
    {
        "Name" => AnyOf(values, nic.IsNamed),
        "MACAddress" or "PermanentMACAddress" => values.Exists(nic.HasMac),
        "Type" => AnyOf(values, v => v == (nic.Wireless ? "wlan" : nic.Kind is "vlan" or "bond" ? nic.Kind : "ether") || v == "*"),
        "Kind" => AnyOf(values, v => v == "*" ? nic.Kind.Length > 0 : v == nic.Kind),
        "Driver" => AnyOf(values, v => Glob.Matches(v, nic.Driver)),
        _ => true,
    };

    // "!a b" is neither a nor b.
    private static bool AnyOf(List<string> values, Func<string, bool> test) => values is [['!', .. var first], .. var rest]
        ? !test(first) && !rest.Any(test)
        : values.Exists(v => test(v));
}
