using System.Collections.Immutable;
using Weft.Engine.Drivers.Nft;
using Weft.Engine.Status;

namespace Weft.Engine.Metrics;

/// <summary>What the packet policy counted.</summary>
/// <param name="Forwards">Forwards and floating addresses.</param>
/// <param name="Drops">Drops by reason.</param>
/// <param name="Spoofers">Drops by tap; null when they could not be read.</param>
internal sealed record PolicyFigures(ImmutableArray<ForwardStatus> Forwards, ImmutableArray<DropFigures> Drops, IReadOnlyDictionary<string, PacketCount>? Spoofers)
{
    internal static readonly PolicyFigures None = new([], [], null);

    internal static PolicyFigures Read(NftDriver nft) => new(ForwardStatus.Of(nft.Counters()),
        [.. nft.NamedCounters().Select(c => new DropFigures(c.Name, new(c.Packets, c.Bytes)))],
        nft.Spoofers().ToDictionary(s => s.Key, s => new PacketCount(s.Value.Packets, s.Value.Bytes)));
}
