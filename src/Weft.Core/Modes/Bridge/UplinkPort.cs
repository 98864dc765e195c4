using System.Globalization;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Bridge;

/// <summary>The link that becomes a bridge's port, and whether Weft makes it.</summary>
/// <param name="Name">The port: the NIC, or its VLAN as iproute2 users name it.</param>
/// <param name="Nic">The NIC under it; the same as the name where there is no VLAN of Weft's.</param>
/// <param name="Vlan">The VLAN that Weft makes; null when the link is there already and not Weft's.</param>
internal sealed record UplinkPort(string Name, string Nic, int? Vlan)
{
    /// <summary>Finds the port: "eth1.100" is the link of that name where there is one, else VLAN 100 of eth1.</summary>
    public static UplinkPort Of(UplinkSpec uplink, string project, HostModel host)
    {
        var name = uplink.Vlan is null ? uplink.Link : $"{uplink.Link}.{uplink.Vlan}";
        if (host.Link(name) is { } there && !there.IsOf(project)) return new(name, name, null);
        if (uplink.Vlan is { } id) return new(name, uplink.Link, id);
        return ParentOf(name, host) is var (nic, vlan) ? new(name, nic, vlan) : new(name, name, null);
    }

    private static (string Nic, int Vlan)? ParentOf(string name, HostModel host)
    {
        var dot = name.LastIndexOf('.');
        return dot > 0 && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is > 0 and < 4095 && host.Link(name[..dot]) is not null
            ? (name[..dot], id)
            : null;
    }
}
