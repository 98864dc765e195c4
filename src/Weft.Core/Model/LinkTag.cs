using System.Diagnostics.CodeAnalysis;
using Weft.Core.Resources;

namespace Weft.Core.Model;

/// <summary>
/// The link alias that marks a link as Weft's: "weft:OWNER:NETWORK", for a tap "weft:OWNER:NETWORK:MACHINE", and with ":guest" after that for a link
/// that a hypervisor made. A link without it is never changed, one of a hypervisor never deleted. Names hold no colon, and the three together fit into an alias (255 bytes, IFALIASZ of linux/if.h).
/// </summary>
/// <param name="Owner">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Machine">Machine of a tap; else null.</param>
/// <param name="Guest">A hypervisor made the link: it is Weft's port, not Weft's link.</param>
public sealed record LinkTag(string Owner, string Network, string? Machine = null, bool Guest = false)
{
    private const string Mark = "weft", GuestMark = "guest";

    /// <summary>The tag of a bridge or VLAN link.</summary>
    public static LinkTag Of(Resource resource) => new(resource.Owner, resource.Network);

    /// <summary>The tag of a tap.</summary>
    public static LinkTag Of(TapResource tap) => new(tap.Owner, tap.Network, tap.Machine);

    /// <summary>The tag of a hypervisor's link.</summary>
    public static LinkTag Of(GuestLinkResource link) => new(link.Owner, link.Network, link.Machine, Guest: true);

    /// <summary>Whether an alias marks a link as Weft's.</summary>
    public static bool IsOurs(string? alias) => alias?.StartsWith(Mark + ":", StringComparison.Ordinal) == true;

    /// <summary>Reads an alias; false when it is not Weft's.</summary>
    public static bool TryParse(string? alias, [NotNullWhen(true)] out LinkTag? tag)
    {
        tag = alias?.Split(':') switch
        {
            [Mark, { Length: > 0 } owner, { Length: > 0 } network] => new(owner, network),
            [Mark, { Length: > 0 } owner, { Length: > 0 } network, { Length: > 0 } machine] => new(owner, network, machine),
            [Mark, { Length: > 0 } owner, { Length: > 0 } network, { Length: > 0 } machine, GuestMark] => new(owner, network, machine, Guest: true),
            _ => null,
        };
        return tag is not null;
    }

    /// <summary>The alias.</summary>
    public override string ToString() => Machine is null ? $"{Mark}:{Owner}:{Network}" : $"{Mark}:{Owner}:{Network}:{Machine}{(Guest ? ":" + GuestMark : "")}";
}
