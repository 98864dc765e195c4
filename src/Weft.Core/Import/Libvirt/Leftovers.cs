using Weft.Core.Diagnostics;

namespace Weft.Core.Import.Libvirt;

/// <summary>Says what nobody has looked at, so that nothing is dropped without a word.</summary>
internal static class Leftovers
{
    private static readonly string[] Known = ["name", "uuid", "title", "description", "metadata", "forward", "bridge", "mac", "mtu", "ip", "dns", "domain", "route", "portgroup", "bandwidth", "vlan", "virtualport", "port"];

    /// <summary>Elements and attributes that were not looked at.</summary>
    public static void Tell(XmlElement e, Notes notes)
    {
        foreach (var a in e.Attributes.Where(a => !a.Seen)) notes.Unknown(a.At, $"<{e.Name} {a.Name}={Notes.Q(a.Value)}> is not known here", "libvirt ignores what it does not know; look whether it is spelled right");
        foreach (var group in e.Children.GroupBy(c => (c.Name, c.Namespace)))
        {
            var children = group.ToList();
            foreach (var c in children.Where(c => !c.Seen)) notes.Unknown(c.SeeAll().At, $"<{c.Name}> is not known here", Nearest.Of(c.Name, Known) is { } near ? $"did you mean <{near}>?" : "libvirt ignores what it does not know");
            if (children.Count > 1 && IsSingle(e.Name, group.Key.Name)) notes.Unknown(children[1].At, $"a second <{group.Key.Name}>: libvirt reads the first", "remove one");
            foreach (var c in children) Tell(c, notes);
        }
    }

    private static bool IsSingle(string parent, string child) => parent switch
    {
        "network" => child is "name" or "uuid" or "forward" or "bridge" or "mac" or "mtu" or "dns" or "domain" or "metadata" or "bandwidth" or "vlan" or "virtualport" or "port",
        "ip" => child is "dhcp" or "tftp",
        _ => false,
    };
}
