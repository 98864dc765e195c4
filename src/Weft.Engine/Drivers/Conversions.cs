using System.Net;
using Weft.Core.Model;

namespace Weft.Engine.Drivers;

/// <summary>Between the words of the model and those of the kernel interfaces, which know nothing of each other.</summary>
internal static class Conversions
{
    public static MacAddress ToCore(this Linux.Route.MacAddress mac) => MacAddress.From(mac.ToArray());

    public static Linux.Route.MacAddress ToLinux(this MacAddress mac) => new(mac.Bytes);

    public static IpPrefix ToCore(this IPNetwork network) => new(network.BaseAddress, network.PrefixLength);

    public static IPNetwork ToLinux(this IpPrefix prefix) => new(prefix.Network.Address, prefix.Length);
}
