using System.Collections.Immutable;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec.Shapes;

namespace Weft.Core.Spec.Tables;

/// <summary>Keys about addresses: subnets, DHCP, DNS.</summary>
internal static class SubnetTable
{
    private static readonly ListShape<IPAddress> Ips = new(Texts.Ip);

    private static readonly Key<IpPrefix> Prefix = new("prefix", Texts.Prefix, "The network.") { Required = true };
    private static readonly Key<IPAddress> Gateway = new("gateway", Texts.Ip, "The host's own address in it.") { Default = "the first" };
    private static readonly Key<AddressRange> Pool = new("pool", Texts.Range, "Addresses given out automatically.") { Default = "all but gateway, network and broadcast" };
    private static readonly Key<ImmutableArray<AddressRange>> Exclude = new("exclude", new ListShape<AddressRange>(Texts.Range), "Addresses never given out.");

    private static readonly RecordShape<SubnetSpec> Record = new("subnet", "A subnet with its options.", [Prefix, Gateway, Pool, Exclude], Build);

    /// <summary>An item of subnets.</summary>
    public static readonly Shape<SubnetSpec> Shape = new EitherShape<SubnetSpec>(Texts.Prefix.Select((p, n) => new SubnetSpec(p) { At = n.At }), Record);

    private static readonly Key<bool> DhcpEnabled = new("enabled", Texts.Bool, "Whether Weft gives out addresses.") { Default = "true when dhcp is a mapping" };
    private static readonly Key<int> Lease = new("lease", new SpanShape(Texts.Duration, 120, 31_536_000), "Lease time.") { Default = "1h" };
    private static readonly Key<bool> Unknown = new("unknown", Texts.Bool, "Whether machines that are not declared get an address from the pool.") { Default = "true" };
    private static readonly Key<ImmutableArray<IPAddress>> DnsServers = new("dns_servers", Ips, "Servers told to the clients.") { Default = "the host itself" };
    private static readonly Key<bool> Stateful6 = new("stateful6", Texts.Bool, "Whether DHCPv6 gives addresses; router advertisements go out in any case.") { Default = "true" };

    private static readonly RecordShape<DhcpSpec> DhcpRecord = new("dhcp", "DHCP and router advertisements.", [DhcpEnabled, Lease, Unknown, DnsServers, Stateful6],
        f => new DhcpSpec(f.Or(DhcpEnabled, true), f.Or(Lease, 3600), f.Or(Unknown, true)) { DnsServers = f.Or(DnsServers, []), Stateful6 = f.Or(Stateful6, true) });

    /// <summary>dhcp: true, or its options.</summary>
    public static readonly Shape<DhcpSpec> Dhcp = new EitherShape<DhcpSpec>(Texts.Bool.Select((on, _) => new DhcpSpec(on)), DhcpRecord);

    private static readonly Key<bool> DnsEnabled = new("enabled", Texts.Bool, "Whether names are answered.") { Default = "true" };
    private static readonly Key<ImmutableArray<ImmutableArray<DnsRecordSpec>>> Records = new("records",
        new NamedShape<ImmutableArray<IPAddress>, ImmutableArray<DnsRecordSpec>>(Texts.Domain, Ips, (name, _, ips) => [.. ips.Select(a => new DnsRecordSpec(name, a))]),
        "Extra names, relative to the network's domain, with their addresses.");
    private static readonly Key<ImmutableArray<IPAddress>> Forwarders = new("forwarders", Ips, "Upstream servers.") { Default = "those of the host's resolv.conf" };

    private static readonly Key<ImmutableArray<ImmutableArray<DnsTextSpec>>> RecordTexts = new("texts",
        new NamedShape<ImmutableArray<string>, ImmutableArray<DnsTextSpec>>(Texts.RecordName, new ListShape<string>(Texts.RecordText), (name, _, all) => [.. all.Select(t => new DnsTextSpec(name, t))]),
        "TXT records: texts by name, relative to the network's domain.");

    private static readonly Key<string> ServiceName = new("name", Texts.RecordName, "Service and protocol: _http._tcp.") { Required = true };
    private static readonly Key<string> ServiceTarget = new("target", Texts.Domain, "A machine of the network, or a name with its domain.") { Required = true };
    private static readonly Key<int> ServicePort = new("port", new IntShape(1, 65535), "Its port.") { Required = true };
    private static readonly Key<int> ServicePriority = new("priority", new IntShape(0, 65535), "The lowest is asked first.") { Default = "0" };
    private static readonly Key<int> ServiceWeight = new("weight", new IntShape(0, 65535), "Share among those of one priority.") { Default = "0" };
    private static readonly RecordShape<DnsServiceSpec> Service = new("service", "Where a service is (SRV).", [ServiceName, ServiceTarget, ServicePort, ServicePriority, ServiceWeight],
        f => f.TryGet(ServiceName, out var name) & f.TryGet(ServiceTarget, out var target) & f.TryGet(ServicePort, out var port)
            ? new DnsServiceSpec(name!, target!, port) { Priority = f.Or(ServicePriority, 0), Weight = f.Or(ServiceWeight, 0) } : null);
    private static readonly Key<ImmutableArray<DnsServiceSpec>> Services = new("services", new ListShape<DnsServiceSpec>(Service), "SRV records: where services are.");

    private static readonly RecordShape<DnsSpec> DnsRecord = new("dns", "Names of the network.", [DnsEnabled, Records, RecordTexts, Services, Forwarders],
        f => new DnsSpec(f.Or(DnsEnabled, true))
        {
            Records = [.. f.Or(Records, []).SelectMany(r => r)], Texts = [.. f.Or(RecordTexts, []).SelectMany(t => t)], Services = f.Or(Services, []), Forwarders = f.Or(Forwarders, []),
        });

    private static readonly Key<IpPrefix> RouteTo = new("to", Texts.Prefix, "The network.") { Required = true };
    private static readonly Key<IPAddress> RouteVia = new("via", Texts.Ip, "The machine's address.") { Required = true };
    private static readonly Key<int> RouteMetric = new("metric", new IntShape(1, int.MaxValue), "Metric of the route.") { Default = "the kernel's" };

    /// <summary>An item of routes.</summary>
    public static readonly RecordShape<RouteSpec> Route = new("route", "A network behind a machine.", [RouteTo, RouteVia, RouteMetric],
        f => f.TryGet(RouteTo, out var to) & f.TryGet(RouteVia, out var via) ? new RouteSpec(to, via!) { At = f.At, Metric = f.Or(RouteMetric, 0) } : null);

    /// <summary>dns: true, or its options.</summary>
    public static readonly Shape<DnsSpec> Dns = new EitherShape<DnsSpec>(Texts.Bool.Select((on, _) => new DnsSpec(on)), DnsRecord);

    private static SubnetSpec? Build(Fields f)
    {
        var rest = (Gateway: f.Get(Gateway), Pool: f.Maybe(Pool), Exclude: f.Or(Exclude, []));
        return f.TryGet(Prefix, out var prefix) ? new SubnetSpec(prefix) { At = f.At, Gateway = rest.Gateway, Pool = rest.Pool, Exclude = rest.Exclude } : null;
    }
}
