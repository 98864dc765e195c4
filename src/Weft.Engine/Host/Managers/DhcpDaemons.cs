using Weft.Core.Model;
using Weft.Engine.Host.Uplink;

namespace Weft.Engine.Host.Managers;

/// <summary>DHCP clients that run in this namespace, or are started at boot, on their own account.</summary>
internal static class DhcpDaemons
{
    private const string DhcpcdConf = "/etc/dhcpcd.conf";

    /// <summary>The manager; null when no client serves the NIC or the bridge that its addresses went to.</summary>
    public static NicManager? Of(HostTree tree, IReadOnlyList<HostProcess> processes, bool dhcpcdAtBoot, Nic nic)
    {
        var links = nic.Bridge is null ? [nic.Name] : new[] { nic.Name, nic.Bridge };
        foreach (var p in processes.Where(p => p.Name is "dhclient" or "dhcpcd"))
            if (DhcpClients.IsGenuine(p) && !IsManager(p) && links.Any(l => DhcpClients.Serves(p, l))) return new(nic.Name, p.Name, $"process {p.Id}", true);
        return (dhcpcdAtBoot || processes.Any(p => DhcpClients.IsGenuine(p) && IsManager(p))) && TakesAll(tree, nic) ? new(nic.Name, "dhcpcd", DhcpcdConf, true) : null;
    }

    /// <summary>dhcpcd without a link of its own serves all there are.</summary>
    private static bool IsManager(HostProcess p) => p.Name == "dhcpcd"
        && (p.Arguments[0].Contains("[manager]", StringComparison.Ordinal) || p.Arguments[0].Contains("[master]", StringComparison.Ordinal));

    private static bool TakesAll(HostTree tree, Nic nic)
    {
        var lines = (tree.Text(DhcpcdConf) ?? "").Split('\n').Select(l => l.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries)).ToList();
        var allowed = lines.Where(w => w is ["allowinterfaces", ..]).SelectMany(w => w.Skip(1)).ToList();
        return (allowed.Count == 0 || allowed.Exists(nic.IsNamed)) && !lines.Exists(w => w is ["denyinterfaces", .. var denied] && denied.Any(nic.IsNamed));
    }
}
