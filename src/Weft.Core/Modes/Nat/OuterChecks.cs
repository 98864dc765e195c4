using System.Net;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Modes.Parts;
using Weft.Core.Spec;

namespace Weft.Core.Modes.Nat;

/// <summary>What NAT takes of the outer side must be nobody else's: an administrator who is cut off, or a gateway that is answered for, is found out too late.</summary>
internal static class OuterChecks
{
    /// <summary>All checks.</summary>
    public static void All(NatNetworkSpec n, CheckContext c)
    {
        foreach (var f in n.Floating) Floating(n, f, c);
        if (n.SnatPool is { } pool && c.Host.Routes.FirstOrDefault(r => r.Gateway is { } g && IsIn(g, pool)) is { Gateway: { } gateway })
            c.Faults.Error("WEFT3215", n.At, $"network {n.Name}: the pool {pool.First}-{pool.Last} holds {gateway}, a router of this host", "leave it out of the pool");
        foreach (var f in n.Forwards.Where(f => f.Protocol == ForwardProtocol.Tcp)) Forward(n, f, c);
    }

    private static void Floating(NatNetworkSpec n, FloatingSpec f, CheckContext c)
    {
        // As a floating address it is there alone, without a prefix.
        if (c.Host.Addresses.FirstOrDefault(a => a.Address.Address.Equals(f.Outer) && a.Address.Length < (a.Address.IsV4 ? 32 : 128)) is { } own)
            c.Faults.Error("WEFT3214", f.At, $"network {n.Name}: {f.Outer} is this host's own address on {own.Link}: all that the host serves there would go to {f.Machine ?? $"{f.Address}"}", "take an address that nobody has, or forward single ports");
        else if (c.Host.Routes.Any(r => f.Outer.Equals(r.Gateway)))
            c.Faults.Error("WEFT3215", f.At, $"network {n.Name}: {f.Outer} is a router of this host: nobody would reach it any more", "take an address that nobody has");
    }

    private static void Forward(NatNetworkSpec n, ForwardSpec f, CheckContext c)
    {
        foreach (var port in c.Host.Listeners.Where(l => IsTaken(l, f, c)).Select(l => l.Port).Distinct().Order())
            c.Faults.Warn("WEFT3216", f.At, $"network {n.Name}: the host itself answers on tcp/{port}{(port == 22 ? " (ssh)" : "")}; from outside, that is {f.To.Machine ?? $"{f.To.Address}"}'s then", "listen on another port, or on an outer address that the host itself serves nothing on");
    }

    private static bool IsTaken(HostListener l, ForwardSpec f, CheckContext c)
    {
        if (l.Port < f.Listen.First || l.Port > f.Listen.Last || IPAddress.IsLoopback(l.Address)) return false;
        if (l.Address.Equals(IPAddress.Any) || l.Address.Equals(IPAddress.IPv6Any)) return true;
        var onOurs = c.Host.Addresses.FirstOrDefault(a => a.Address.Address.Equals(l.Address)) is { } at && c.Host.Link(at.Link)?.IsOurs == true;
        return !onOurs && (f.ListenAddress is null || f.ListenAddress.Equals(l.Address));
    }

    private static bool IsIn(IPAddress address, AddressRange range) =>
        address.AddressFamily == range.First.AddressFamily && IpPrefix.ToNumber(address) >= IpPrefix.ToNumber(range.First) && IpPrefix.ToNumber(address) <= IpPrefix.ToNumber(range.Last);
}
