using Weft.Core.Model;

namespace Weft.Engine.Machines;

/// <summary>What is known of the machine behind a link that a hypervisor made.</summary>
/// <param name="Mac">Its NIC's MAC; null when not known, or known but for its first byte (<see cref="TapMac"/>).</param>
/// <param name="Machine">Its name with the hypervisor; null when not known.</param>
public sealed record GuestIdentity(MacAddress? Mac, string? Machine)
{
    private const ulong Rest = 0xff_ffff_ffff;

    /// <summary>Nothing is known.</summary>
    public static readonly GuestIdentity Unknown = new(null, null);

    /// <summary>The MAC of the host's end, when it is libvirt's way to make one: fe, or fa where the machine's is fe, and the machine's last five bytes (virnetdevtap.c).</summary>
    public MacAddress? TapMac { get; init; }

    /// <summary>The MAC is what the machine itself says by its frames: another machine's may be claimed.</summary>
    public bool Claimed { get; init; }

    /// <summary>Both, the other's words where this has none.</summary>
    public GuestIdentity Or(GuestIdentity other) => new(Mac ?? other.Mac, Machine ?? other.Machine) { TapMac = TapMac ?? other.TapMac, Claimed = Mac is null && other.Claimed };

    /// <summary>What the MAC of a tap tells.</summary>
    public static GuestIdentity OfTap(MacAddress? mac) =>
        mac is { } m && m.Value >> 40 is 0xfe or 0xfa ? Unknown with { TapMac = m } : Unknown;

    /// <summary>A pattern of SQL's LIKE for the MACs that it may be; null when it may be any.</summary>
    public string? MacPattern => Mac?.ToString() ?? (TapMac is { } tap ? $"__{tap.ToString()[2..]}" : null);

    /// <summary>Whether a MAC may be the machine's.</summary>
    public bool MayBe(MacAddress mac) => Mac is { } m ? m == mac : TapMac is { } t && (t.Value & Rest) == (mac.Value & Rest);
}
