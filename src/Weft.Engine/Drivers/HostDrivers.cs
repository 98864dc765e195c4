using Weft.Core.Model;
using Weft.Engine.Dhcp;
using Weft.Engine.Drivers.Nft;
using Weft.Engine.Host.Files;
using Weft.Engine.Host.Uplink;
using Weft.Engine.Store;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>The drivers of a real host.</summary>
internal sealed class HostDrivers : IDisposable
{
    public HostDrivers(EngineOptions options, WeftStore store, RouteSocket socket)
    {
        (Nft, Sysctl) = (new NftDriver(), new SysctlDriver(store, socket));
        Set = new DriverSet(
        [
            new HostFileDriver(options.Root, reload: options.NetNs is null), Nft, new BridgeDriver(socket), new VlanDriver(socket), Sysctl,
            new AddressDriver(socket, networks: () => store.Networks.Select(n => new LinkTag(n.Project, n.Network))), new RouteDriver(socket), new TapDriver(socket), new GuestLinkDriver(socket), new FdbDriver(socket), new UplinkDriver(store, options.Root),
            new LibvirtNetworkDriver(options.Root, socket, () => Nft.ExpectedGeneration = null),
            new DhcpDriver(DhcpPaths.Of(options)),
        ]);
    }

    /// <summary>All of them.</summary>
    public DriverSet Set { get; }

    /// <summary>The one that can notice that somebody else changed the rules.</summary>
    public NftDriver Nft { get; }

    /// <summary>The one that remembers what may be gone.</summary>
    public SysctlDriver Sysctl { get; }

    public void Dispose() => Set.Dispose();
}
