using Weft.Core.Diagnostics;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Import.Netplan;

/// <summary>Reads netplan's YAML: each bridge becomes a network.</summary>
public static class NetplanImporter
{
    /// <summary>Makes a project of networks. No input makes it throw.</summary>
    /// <param name="name">Name of the project, a DNS label.</param>
    /// <param name="sources">The files; they are merged in netplan's order, whatever the order here.</param>
    public static Imported Import(string name, IEnumerable<ImportSource> sources)
    {
        var files = new Notes("");
        var drafts = new List<Draft>();
        if (NetplanMerge.Load(sources, files) is { } root && Network(root, files) is { } network)
        {
            var devices = new NetplanDevices(network, files);
            drafts.AddRange(devices.All.Where(d => d.Section == "bridges").Select(d => new NetplanBridge(d, devices, new Notes($"bridge {Notes.Q(d.Id).Trim('\'')}")).Map()));
            Tell(devices, drafts, files);
        }
        return new Assembler(name, files).Assemble(drafts);
    }

    private static MapNode? Network(MapNode root, Notes files)
    {
        foreach (var (key, _) in root.Entries.Where(e => e.Key.Text != "network")) files.Unknown(key.At, $"{Quote.Short(key.Text)} is not known here", "a netplan file has one key: network");
        if (root.Find("network") is MapNode network) return network;
        files.Add(ImportCodes.Kind, Severity.Error, root.At, "this is no netplan file", "it begins with network:");
        return null;
    }

    private static void Tell(NetplanDevices devices, List<Draft> drafts, Notes files)
    {
        if (drafts.Find(d => !d.Notes.HasErrors) is { } first) files.Say(first.Network.At, "Weft makes these bridges now", "before weft apply take them out of netplan, and give each uplink the addresses, dhcp4 and routes that its bridge had");
        foreach (var d in devices.All.Where(d => d.Section != "bridges")) files.Say(d.At, $"{d.Section}.{Quote.Short(d.Id)} stays netplan's");
    }
}
