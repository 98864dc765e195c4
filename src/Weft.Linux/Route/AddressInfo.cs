using System.Net;

namespace Weft.Linux.Route;

/// <summary>IFA_F_* of linux/if_addr.h.</summary>
[Flags]
public enum AddressFlags : uint
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>IPv4: of the same prefix as one before it. IPv6: temporary (RFC 8981).</summary>
    Secondary = 1,
    /// <summary>No duplicate address detection.</summary>
    NoDad = 2,
    /// <summary>May be used before duplicate address detection is through (RFC 4429).</summary>
    Optimistic = 4,
    /// <summary>Someone else has it.</summary>
    DadFailed = 8,
    /// <summary>Home address (RFC 6275).</summary>
    HomeAddress = 0x10,
    /// <summary>Its preferred lifetime is over.</summary>
    Deprecated = 0x20,
    /// <summary>Duplicate address detection is under way.</summary>
    Tentative = 0x40,
    /// <summary>Has no end.</summary>
    Permanent = 0x80,
    /// <summary>Temporary addresses are made of it.</summary>
    ManageTempAddress = 0x100,
    /// <summary>The kernel makes no route for its prefix.</summary>
    NoPrefixRoute = 0x200,
    /// <summary>Joins the multicast group.</summary>
    McAutoJoin = 0x400,
    /// <summary>Made by RFC 7217.</summary>
    StablePrivacy = 0x800,
}

/// <summary>An address of a link (RTM_GETADDR). Given back to <see cref="RouteBatch.NewAddress"/> it is the same again.</summary>
public sealed record AddressInfo
{
    /// <summary>Interface index.</summary>
    public required int LinkIndex { get; init; }
    /// <summary>The address itself (IFA_LOCAL).</summary>
    public required IPAddress Address { get; init; }
    /// <summary>Bits; of the peer when there is one.</summary>
    public required byte PrefixLength { get; init; }
    /// <summary>The other end of a point-to-point link; null when there is none.</summary>
    public IPAddress? Peer { get; init; }
    /// <summary>IPv4 only.</summary>
    public IPAddress? Broadcast { get; init; }
    /// <summary>RT_SCOPE_*: 0 universe, 253 link, 254 host. The kernel finds that of an IPv6 address itself.</summary>
    public byte Scope { get; init; }
    /// <summary>Flags; those that the kernel sets itself are not sent.</summary>
    public AddressFlags Flags { get; init; }
    /// <summary>Seconds for which new connections use it; null for ever.</summary>
    public uint? PreferredSeconds { get; init; }
    /// <summary>Seconds until it goes; null for ever.</summary>
    public uint? ValidSeconds { get; init; }
    /// <summary>IFAPROT_*, who made it: 0 unknown, 1 loopback, 2 router advertisement, 3 link-local.</summary>
    public byte Protocol { get; init; }
    /// <summary>IPv4 only: must begin with the link's name, so leave it out on another link.</summary>
    public string? Label { get; init; }
    /// <summary>Metric of the prefix route; 0 for the default.</summary>
    public uint Metric { get; init; }

    /// <summary>Address and prefix length.</summary>
    public override string ToString() => Peer is null ? $"{Address}/{PrefixLength}" : $"{Address} peer {Peer}/{PrefixLength}";
}
