using System.Collections.Immutable;
using Weft.Engine.Dhcp;
using Weft.Engine.Status;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>The live state beside the declared one.</summary>
    /// <exception cref="IOException">The kernel refused a dump.</exception>
    public HostStatus Status() => HostStatus.Read(Store.Allocations(), _socket);

    /// <summary>Forwards and floating addresses, with what went through them.</summary>
    /// <exception cref="IOException">The kernel refused a dump.</exception>
    public ImmutableArray<ForwardStatus> Forwards() => ForwardStatus.Of(_drivers.Nft.Counters());

    /// <summary>What DHCP has given out.</summary>
    /// <exception cref="IOException">The leases cannot be read.</exception>
    public ImmutableArray<DhcpLease> Leases() => DhcpLeases.Read(DhcpPaths.Of(_options));
}
