using Weft.Core.Diagnostics;

namespace Weft.Core.Import.Ifupdown;

/// <summary>Reads /etc/network/interfaces of ifupdown, ifupdown2 and Proxmox VE: each bridge becomes a network.</summary>
public static class IfupdownImporter
{
    /// <summary>Makes a project of networks. No input makes it throw.</summary>
    /// <param name="name">Name of the project, a DNS label.</param>
    /// <param name="sources">The files, in the order in which the first one would read them.</param>
    /// <param name="proxmox">They are of a Proxmox VE host: comments in a stanza are its interface's.</param>
    public static Imported Import(string name, IEnumerable<ImportSource> sources, bool proxmox)
    {
        var files = new Notes("");
        var interfaces = new Interfaces(new StanzaReader([.. sources], files).Read());
        var drafts = new List<Draft>();
        foreach (var i in interfaces.All)
        {
            if (Interfaces.IsBridge(i)) drafts.Add(Bridge(i, interfaces, proxmox));
            else Tell(i, interfaces, files);
        }
        if (drafts.Find(d => !d.Notes.HasErrors) is { } first) files.Say(first.Network.At, "Weft makes these bridges now", "before weft apply take their stanzas out of the file, and give each uplink the addresses and routes that its bridge had");
        return new Assembler(name, files).Assemble(drafts);
    }

    private static Draft Bridge(List<Stanza> bridge, Interfaces interfaces, bool proxmox)
    {
        var notes = new Notes($"bridge {Notes.Q(bridge[0].Name).Trim('\'')}");
        if (Interfaces.IsOpenVSwitch(bridge)) notes.LeftOut(Interfaces.Option(bridge, "ovs-type")!.At, "left out: it is a bridge of Open vSwitch, and Weft makes bridges of the kernel", "keep it in the file");
        return new IfupdownBridge(bridge, interfaces, proxmox, notes).Map();
    }

    private static void Tell(List<Stanza> i, Interfaces interfaces, Notes files)
    {
        var (name, at) = (i[0].Name, i[0].At);
        if (name == "lo") return;
        var dot = name.LastIndexOf('.');
        if (dot > 0 && interfaces.IsBridgeName(name[..dot])) files.Lost(at, $"{Notes.Q(name)}: a VLAN link of the host on a bridge of Weft's", "mode: bridge makes none: give the host a port, or an address on a network of its own over a VLAN of the NIC");
        else files.Say(at, $"{Notes.Q(name)} stays the host's own");
    }
}
