using System.Collections.Immutable;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec.Shapes;

namespace Weft.Core.Spec.Tables;

/// <summary>Keys about what comes in: forwards, floating addresses, protection.</summary>
internal static class ForwardTable
{
    /// <summary>A list of sources.</summary>
    public static readonly ListShape<IpPrefix> Sources = new(Texts.Source);

    private static readonly Key<bool> SynProxy = new("syn_proxy", Texts.Bool, "Answer handshakes by the kernel's SYN proxy until the client has proved its address.") { Default = "false" };
    private static readonly Key<int> SynRate = new("syn_rate", new IntShape(1, 10_000_000, "a second"), "Most new connections from one source.") { Default = "no limit" };
    private static readonly Key<int> Connections = new("connections", new IntShape(1, 10_000_000), "Most connections at once from one source.") { Default = "no limit" };

    /// <summary>protect.</summary>
    public static readonly Shape<ProtectSpec> Protect = new RecordShape<ProtectSpec>("protect", "Protection against floods.", [SynProxy, SynRate, Connections],
        f => new ProtectSpec(f.Or(SynProxy, false), f.Maybe(SynRate), f.Maybe(Connections)));

    private static readonly Key<Listen> ListenKey = new("listen", Texts.Listen, "Protocol, outer address (all when left out; IPv6 in brackets) and ports.") { Required = true };
    private static readonly Key<Target> To = new("to", Texts.Target, "A machine or an address, with the inner port or ports; without ports the outer ones.") { Required = true };
    private static readonly Key<ImmutableArray<IpPrefix>> AllowFrom = new("allow_from", Sources, "Sources that may use it.") { Default = "all" };
    private static readonly Key<ProtectSpec> ProtectKey = new("protect", Protect, "Protection of this forward.");

    /// <summary>An item of forwards.</summary>
    public static readonly Shape<ForwardSpec> Forward = new RecordShape<ForwardSpec>("forward", "Outer ports that lead to a machine.", [ListenKey, To, AllowFrom, ProtectKey], Build);

    private static readonly Key<IPAddress> Outer = new("address", Texts.Ip, "The outer address.") { Required = true };
    private static readonly Key<Target> FloatingTo = new("to", Texts.Host, "The machine or address behind it.") { Required = true };

    /// <summary>An item of floating.</summary>
    public static readonly Shape<FloatingSpec> Floating = new RecordShape<FloatingSpec>("floating", "An outer address that belongs to one machine, 1:1.", [Outer, FloatingTo, AllowFrom], BuildFloating);

    private static FloatingSpec? BuildFloating(Fields f)
    {
        var allow = f.Or(AllowFrom, []);
        return f.TryGet(Outer, out var outer) & f.TryGet(FloatingTo, out var to)
            ? new FloatingSpec(outer!, to!.Machine, to.Address) { At = f.At, AllowFrom = allow } : null;
    }

    private static ForwardSpec? Build(Fields f)
    {
        var rest = (Allow: f.Or(AllowFrom, []), Protect: f.Get(ProtectKey));
        if (!(f.TryGet(ListenKey, out var listen) & f.TryGet(To, out var to))) return null;
        var inner = to!.Ports ?? listen!.Ports;
        SameLength(listen!.Ports, inner, f);
        return new ForwardSpec(listen.Protocol, listen.Ports, new ForwardTarget(to.Machine, to.Address, inner.First))
        {
            At = f.At, ListenAddress = listen.Address, AllowFrom = rest.Allow, Protect = rest.Protect,
        };
    }

    /// <summary>A range may be given by its first inner port alone; then it must end by 65535.</summary>
    private static void SameLength(PortRange outer, PortRange inner, Fields f)
    {
        var count = outer.Last - outer.First;
        var at = f.PlaceOfValue(To);
        if (inner.First != inner.Last && inner.Last - inner.First != count)
            f.Context.Error(SpecCodes.RangeLength, at, $"{f.Context.Path}: {outer} are {count + 1} ports, {inner} are {inner.Last - inner.First + 1}",
                $"write to: ...:{inner.First}-{inner.First + count}, or the first port alone");
        else if (inner.First + count > 65535)
            f.Context.Error(SpecCodes.RangeLength, at, $"{f.Context.Path}: {count + 1} ports from {inner.First} go past 65535");
    }
}
