using System.Net;

namespace Weft.Linux.Conntrack;

/// <summary>A connection that the kernel tracks.</summary>
/// <param name="Protocol">IPPROTO_*.</param>
/// <param name="Destination">Whom the first packet was for; null for an entry without addresses.</param>
/// <param name="DestinationPort">The port of TCP, UDP and their like; 0 for others.</param>
/// <param name="Answerer">Who answers: the destination, or the one it was translated to.</param>
/// <param name="IsTranslated">Its destination was translated (IPS_DST_NAT, linux/netfilter/nf_conntrack_common.h).</param>
public sealed record Connection(byte Protocol, IPAddress? Destination, ushort DestinationPort, IPAddress? Answerer, bool IsTranslated)
{
    /// <summary>Who opened it.</summary>
    public IPAddress? Source { get; init; }
    /// <summary>Where it is answered: its source, or what that was translated to.</summary>
    public IPAddress? AnsweredAt { get; init; }
    /// <summary>CTA_TUPLE_ORIG as the kernel gave it.</summary>
    internal byte[] Original { get; init; } = [];
    /// <summary>CTA_ZONE.</summary>
    internal ushort Zone { get; init; }
    /// <summary>CTA_ID: another connection of the same ends has another one.</summary>
    internal uint Id { get; init; }
    /// <summary>AF_INET or AF_INET6.</summary>
    internal byte Family { get; init; }
}
