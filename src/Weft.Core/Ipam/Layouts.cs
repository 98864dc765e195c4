using System.Collections.Immutable;
using Weft.Core.Model;
using Weft.Core.Spec;

namespace Weft.Core.Ipam;

/// <summary>The subnets of a network as they are in force: declared, else chosen.</summary>
public static class Layouts
{
    /// <summary>Whether the network has a DHCP server of Weft's: as the file says, else in NAT mode.</summary>
    public static bool ServesDhcp(NetworkSpec network) => network.Dhcp.Enabled ?? network is NatNetworkSpec;

    /// <summary>The subnets in the order of the file.</summary>
    public static ImmutableArray<SubnetLayout> Of(NetworkSpec network, ImmutableArray<IpPrefix> chosen)
    {
        var unknown = ServesDhcp(network) && network.Dhcp.Unknown;
        var specs = network.Subnets.IsEmpty ? chosen.Select(p => new SubnetSpec(p)) : network.Subnets;
        return [.. specs.Select(s => new SubnetLayout(s, unknown))];
    }
}
