using Weft.Core.Resources;
using Weft.Core.Spec;

namespace Weft.Core.Planning;

/// <summary>What a wanted record leaves open is taken from the host before the two are compared: null means "as the kernel has it".</summary>
public static class LeftToKernel
{
    /// <summary>Bytes. Below it the kernel has no IPv6 on a link (RFC 8200, section 5), and so no word on its link-local address.</summary>
    public const int Ipv6Mtu = 1280;

    /// <summary>The wanted record with its open values filled in from what is there; the record itself when it leaves nothing open.</summary>
    public static Resource Fill(Resource wanted, Resource there) => (wanted, there) switch
    {
        (BridgeResource w, BridgeResource t) => w with
        {
            AgeingSeconds = w.AgeingSeconds ?? t.AgeingSeconds,
            Stp = Fill(w.Stp, t.Stp),
            DefaultPvid = w.VlanFiltering ? w.DefaultPvid : t.DefaultPvid,
            HostAddresses = w.Mtu < Ipv6Mtu ? t.HostAddresses : w.HostAddresses,
            Ip = Fill(w.Ip, t.Ip),
        },
        (VlanResource w, VlanResource t) => w with { Mtu = w.Mtu ?? t.Mtu },
        (TapResource w, TapResource t) => w with { Cost = w.Cost ?? t.Cost },
        (GuestLinkResource w, GuestLinkResource t) => w with { Cost = w.Cost ?? t.Cost },
        (UplinkResource w, UplinkResource t) => w with { Mtu = w.Mtu ?? t.Mtu, Cost = w.Cost ?? t.Cost, Priority = w.Priority ?? t.Priority },
        _ => wanted,
    };

    private static BridgeIp Fill(BridgeIp w, BridgeIp t) => new()
    {
        Ipv6 = w.Ipv6 ?? t.Ipv6,
        AcceptRa = w.AcceptRa ?? t.AcceptRa,
        Ipv4Forwarding = w.Ipv4Forwarding ?? t.Ipv4Forwarding,
        Ipv6Forwarding = w.Ipv6Forwarding ?? t.Ipv6Forwarding,
        Ipv6ForceForwarding = w.Ipv6ForceForwarding ?? t.Ipv6ForceForwarding,
    };

    // The values of a spanning tree that is off are of no effect.
    private static StpSpec Fill(StpSpec w, StpSpec t) => !w.Enabled && !t.Enabled ? t : w with
    {
        Priority = w.Priority ?? t.Priority,
        ForwardDelay = w.ForwardDelay ?? t.ForwardDelay,
        Hello = w.Hello ?? t.Hello,
        MaxAge = w.MaxAge ?? t.MaxAge,
    };
}
