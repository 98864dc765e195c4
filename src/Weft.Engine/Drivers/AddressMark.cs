using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>
/// How an address says that it is Weft's, and whose. That it is Weft's: IFA_PROTO, or before Linux 5.18, which has none, its metric. Whose it is:
/// the tag of its link; on a link of somebody else (a NIC that has a floating address, the bridge of another network) its metric, which is a hash
/// of the network. The metric is that of the prefix route, and an address that is alone in its prefix has none that would matter.
/// </summary>
internal sealed class AddressMark(LinkTable links, Version kernel, Func<IEnumerable<LinkTag>>? known)
{
    private static readonly Version _hasProtocol = new(5, 18);
    private readonly Lazy<Dictionary<uint, LinkTag>> _networks = new(() => Networks(links, known?.Invoke() ?? []));

    private bool KnowsProtocol => kernel >= _hasProtocol;

    /// <summary>The network an address was made for; null when it is not Weft's.</summary>
    public LinkTag? OwnerOf(AddressInfo a)
    {
        if (a.Metric != 0 && _networks.Value.TryGetValue(a.Metric, out var network) && (a.Protocol == AddressResource.Protocol || !KnowsProtocol)) return network;
        if (a.Protocol != AddressResource.Protocol) return null;
        return (a.Metric == 0 ? links.TagOf(a.LinkIndex) : null) ?? new LinkTag(Resource.Shared, ""); // its network is gone
    }

    /// <summary>Whether the address was made for that resource.</summary>
    public bool IsOf(AddressInfo a, Resource r) =>
        OwnerOf(a) is { } owner && ((owner.Owner, owner.Network) == (r.Owner, r.Network) || a.Metric == Hash(r.Owner, r.Network));

    /// <summary>The address as it is to be made.</summary>
    public AddressInfo Of(AddressResource r, LinkInfo link)
    {
        var own = r.IsForeign || (LinkTag.TryParse(link.Alias, out var tag) && (tag.Owner, tag.Network) == (r.Owner, r.Network));
        return new AddressInfo
        {
            LinkIndex = link.Index,
            Address = r.Address.Address,
            PrefixLength = (byte)r.Address.Length,
            // Nobody else can have the gateway's address on a bridge that was just made; on a wire of others somebody may.
            Flags = own && !r.Address.IsV4 ? AddressFlags.NoDad : AddressFlags.None,
            Protocol = KnowsProtocol && !r.IsForeign ? AddressResource.Protocol : (byte)0,
            Metric = r.IsForeign || (own && KnowsProtocol) ? 0 : Hash(r.Owner, r.Network),
        };
    }

    private static Dictionary<uint, LinkTag> Networks(LinkTable links, IEnumerable<LinkTag> known)
    {
        var found = known.ToDictionary(n => Hash(n.Owner, n.Network));
        foreach (var link in links.OfKind("bridge"))
            if (LinkTag.TryParse(link.Alias, out var tag)) found[Hash(tag.Owner, tag.Network)] = tag;
        return found;
    }

    // In the upper half, where nobody gives metrics by hand.
    private static uint Hash(string owner, string network) => (uint)StableHash.Of($"{owner}:{network}") | 0x8000_0000;
}
