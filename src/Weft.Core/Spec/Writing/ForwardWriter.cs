using System.Net;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Spec.Writing;

/// <summary>Writes what comes in from outside.</summary>
internal static class ForwardWriter
{
    /// <summary>Adds the keys of a NAT network.</summary>
    public static void Write(YamlMap map, NatNetworkSpec n) => map
        .Text("snat_pool", NetworkWriter.Range(n.SnatPool)).Texts("allow_from", n.AllowFrom).Add("protect", Protect(n.Protect)).Flag("host_access", n.HostAccess, false)
        .List("forwards", n.Forwards.Select(Forward)).List("floating", n.Floating.Select(Floating));

    private static YamlMap Forward(ForwardSpec f)
    {
        var last = f.To.Port + f.Listen.Last - f.Listen.First;
        var ports = new PortRange(f.To.Port, last);
        return new YamlMap().Text("listen", $"{f.Protocol.ToString().ToLowerInvariant()}/{(f.ListenAddress is { } a ? Host(a) + ":" : "")}{f.Listen}")
            .Text("to", $"{f.To.Machine ?? Host(f.To.Address!)}{(ports == f.Listen && f.To.Machine is not null ? "" : $":{ports}")}")
            .Texts("allow_from", f.AllowFrom).Add("protect", Protect(f.Protect));
    }

    private static YamlMap Floating(FloatingSpec f) => new YamlMap().Text("address", f.Outer).Text("to", f.Machine ?? f.Address?.ToString()).Texts("allow_from", f.AllowFrom);

    private static YamlMap? Protect(ProtectSpec? p) => p is null ? null
        : new YamlMap().Flag("syn_proxy", p.SynProxy, false).Number("syn_rate", p.SynRate).Number("connections", p.Connections);

    private static string Host(IPAddress a) => a.IsV4() ? $"{a}" : $"[{a}]";
}
