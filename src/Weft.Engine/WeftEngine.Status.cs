using System.Collections.Immutable;
using Weft.Engine.Dhcp;
using Weft.Engine.Events;
using Weft.Engine.Machines;
using Weft.Engine.Metrics;
using Weft.Engine.Status;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    private MetricsReader? _metrics;

    /// <summary>The live state beside the declared one.</summary>
    /// <exception cref="IOException">The kernel refused a dump.</exception>
    public HostStatus Status() => HostStatus.Read(Store.Allocations(), _socket, _drivers.Nft.Seen(), LanLeases.Read(_options.Paths, Now));

    /// <summary>Forwards and floating addresses, with what went through them.</summary>
    /// <exception cref="IOException">The kernel refused a dump.</exception>
    public ImmutableArray<ForwardStatus> Forwards() => ForwardStatus.Of(_drivers.Nft.Counters());

    /// <summary>All figures at this moment. Its cost grows with what there is, not with its traffic: no connection is looked at.</summary>
    public MetricsSnapshot Metrics() => (_metrics ??= new(Store, _socket, _drivers.Nft, DhcpPaths.Of(_options), _options.Clock)).Read();

    /// <summary>The history as events.</summary>
    public HistoryEvents Events() => new(Store, _options.Paths.Database);

    /// <summary>What DHCP has given out.</summary>
    /// <exception cref="IOException">The leases cannot be read.</exception>
    public ImmutableArray<DhcpLease> Leases() => DhcpLeases.Read(DhcpPaths.Of(_options));
}
