using Weft.Core.Model;
using Weft.Linux.NetNs;
using Weft.Linux.Route;

namespace Weft.Engine.Host.Managers;

/// <summary>
/// Finds who configures NICs besides Weft, or would but for Weft's drop-ins. Files are looked at, not what the managers say of the NIC now: that
/// changes with the drop-in, and at boot they do not run yet.
/// </summary>
internal static class ManagerDetector
{
    /// <summary>The managers of every link that may be an uplink.</summary>
    /// <param name="links">All links of the namespace of this thread.</param>
    /// <param name="root">Root of the host's files. Of "/" they count in the host's own network namespace alone: in others its services do not run.</param>
    /// <exception cref="UnauthorizedAccessException">A file of theirs cannot be read.</exception>
    public static IReadOnlyList<NicManager> Detect(IReadOnlyList<LinkInfo> links, string root) =>
        Detect(Nic.Of(links), new HostTree(root), [.. ProcessScan.Find("NetworkManager", "systemd-network", "dhclient", "dhcpcd")], root != "/" || IsHostNamespace());

    /// <summary>As above, of what is given.</summary>
    internal static IReadOnlyList<NicManager> Detect(IReadOnlyList<Nic> nics, HostTree tree, IReadOnlyList<HostProcess> processes, bool files)
    {
        var stanzas = files ? Ifupdown.Read(tree) : [];
        var networkManager = IsThere("NetworkManager", "NetworkManager.service");
        var networkd = IsThere("systemd-network", "systemd-networkd.service");
        var dhcpcd = files && tree.IsEnabled("dhcpcd.service");
        return [.. nics.SelectMany(OfNic)];

        // comm has 15 characters: "systemd-networkd" is cut.
        bool IsThere(string process, string unit) => processes.Any(p => p.Name == process) || (files && tree.IsEnabled(unit));

        IEnumerable<NicManager> OfNic(Nic nic)
        {
            var managers = new[]
            {
                networkManager ? NetworkManager.Of(tree, nic, stanzas.Any(s => nic.Names.Contains(s.Link))) : null,
                networkd ? Networkd.Of(tree, nic) : null,
                Ifupdown.Of(stanzas, nic),
            }.OfType<NicManager>().ToList();
            // A client that one of these runs goes with it.
            return managers.Count > 0 ? managers : new[] { DhcpDaemons.Of(tree, processes, dhcpcd, nic) }.OfType<NicManager>();
        }
    }

    private static bool IsHostNamespace() => new FileInfo("/proc/1/ns/net").LinkTarget == $"net:[{NetNamespace.CurrentInode}]";
}
