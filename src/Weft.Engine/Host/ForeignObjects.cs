using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Engine.Host.Uplink;
using Weft.Engine.Machines;
using Weft.Linux.Route;

namespace Weft.Engine.Host;

/// <summary>Reads what is somebody else's and to be taken over: a bridge, the host's addresses on it, the NIC under it, libvirt's network over it.</summary>
/// <param name="route">A socket in the namespace.</param>
/// <param name="uplinks">NICs that were taken over already.</param>
/// <param name="root">Root of the host's files.</param>
internal sealed class ForeignObjects(RouteSocket route, IUplinkStore uplinks, string root)
{
    /// <summary>All of a bridge that is not Weft's.</summary>
    /// <param name="network">The network that takes it, for the plan.</param>
    /// <param name="bridge">The bridge.</param>
    /// <param name="ports">Which of its ports are its uplinks.</param>
    /// <param name="libvirt">libvirt's network over it; null for none.</param>
    public IEnumerable<Resource> Of(string network, string bridge, IEnumerable<string> ports, string? libvirt)
    {
        if (libvirt is not null && new LibvirtFiles(root).ReadForeign(libvirt, network) is { } known) yield return known;
        if (route.Link(bridge) is not { Kind: "bridge" } link || link.Name != bridge) yield break;
        if (!LinkTag.IsOurs(link.Alias) && BridgeSettings.Read(link, Resource.Foreign, network) is { } record) yield return record;
        foreach (var a in route.Addresses(link.Index).Where(IsTheirs))
            yield return new AddressResource(Resource.Foreign, network, bridge, new IpPrefix(a.Address, a.PrefixLength));
        foreach (var port in ports.Where(p => uplinks.Load(p) is null && route.Link(p) is { } nic && nic.MasterIndex == link.Index))
            yield return new UplinkResource(Resource.Foreign, network, port, bridge);
    }

    /// <summary>What is to be taken over of networks that have a bridge of somebody else's: also of one that its owner has made again since, as when the machine starts.</summary>
    public IEnumerable<Resource> Of(NetworkAllocation network) => network.Adopted is null ? [] : Of(network.Network, network.Bridge, network.Uplinks, network.Adopted.Libvirt);

    private static bool IsTheirs(AddressInfo a) => a is { Peer: null, Protocol: not AddressResource.Protocol } && !a.Address.IsIPv6LinkLocal;
}
