using System.Globalization;
using Weft.Core.Resources;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Drivers;

/// <summary>
/// What the host's IP does on a bridge, as a record and as the kernel has it. A dump of links tells all of it; of IPv4 it is set with the link, of IPv6
/// by net/ipv6/conf/LINK, for which netlink has no message.
/// </summary>
internal sealed class BridgeIpSettings
{
    private const string Conf = "net/ipv6/conf/";
    private readonly Lazy<BridgeIp> _new = new(OfNewLinks);

    /// <summary>As the kernel has it.</summary>
    public static BridgeIp Read(LinkInfo link) => new()
    {
        Ipv6 = !link.Ipv6?.Disabled,
        AcceptRa = link.Ipv6?.AcceptRa,
        Ipv4Forwarding = link.Ipv4Forwarding,
        Ipv6Forwarding = link.Ipv6?.Forwarding,
        Ipv6ForceForwarding = link.Ipv6?.ForceForwarding,
    };

    /// <summary>Sets what differs in IPv6.</summary>
    /// <param name="r">The bridge; it is there by now.</param>
    /// <param name="before">As it was before; null when it was just made.</param>
    /// <exception cref="IOException">The kernel refused a value, or has no such setting.</exception>
    public void Set(BridgeResource r, LinkInfo? before)
    {
        var there = before is null ? _new.Value : Read(before);
        Set(r.Name, "disable_ipv6", !Ipv6(r, before), !there.Ipv6);
        Set(r.Name, "accept_ra", r.Ip.AcceptRa, there.AcceptRa);
        Set(r.Name, "forwarding", r.Ip.Ipv6Forwarding, there.Ipv6Forwarding);
        Set(r.Name, "force_forwarding", r.Ip.Ipv6ForceForwarding, there.Ipv6ForceForwarding);
    }

    // Where the host comes to a bridge that it had no address on, and nothing else is said, it has IPv6 as on a new link.
    private bool? Ipv6(BridgeResource r, LinkInfo? before) =>
        r.Ip.Ipv6 ?? (r.HostAddresses && before?.AddrGenMode == AddrGenMode.None ? _new.Value.Ipv6 : null);

    private static void Set(string link, string name, bool? wanted, bool? there) => Set(link, name, wanted is { } on ? on ? 1 : 0 : null, there is { } was ? was ? 1 : 0 : null);

    private static void Set(string link, string name, int? wanted, int? there)
    {
        if (wanted is { } value && value != there) Sysctl.Write($"{Conf}{link}/{name}", value.ToString(CultureInfo.InvariantCulture));
    }

    private static BridgeIp OfNewLinks() => new()
    {
        Ipv6 = Default("disable_ipv6") is { } disabled ? disabled == 0 : null,
        AcceptRa = Default("accept_ra"),
        Ipv6Forwarding = Default("forwarding") is { } forwarding ? forwarding != 0 : null,
        Ipv6ForceForwarding = Default("force_forwarding") is { } force ? force != 0 : null,
    };

    private static int? Default(string name) => Sysctl.TryRead($"{Conf}default/{name}") is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
