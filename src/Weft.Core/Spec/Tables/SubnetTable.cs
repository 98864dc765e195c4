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

    private static readonly RecordShape<DnsSpec> DnsRecord = new("dns", "Names of the network.", [DnsEnabled, Records, Forwarders],
        f => new DnsSpec(f.Or(DnsEnabled, true)) { Records = [.. f.Or(Records, []).SelectMany(r => r)], Forwarders = f.Or(Forwarders, []) });

    /// <summary>dns: true, or its options.</summary>
    public static readonly Shape<DnsSpec> Dns = new EitherShape<DnsSpec>(Texts.Bool.Select((on, _) => new DnsSpec(on)), DnsRecord);

    private static SubnetSpec? Build(Fields f)
    {
        var rest = (Gateway: f.Get(Gateway), Pool: f.Maybe(Pool), Exclude: f.Or(Exclude, []));
        return f.TryGet(Prefix, out var prefix) ? new SubnetSpec(prefix) { At = f.At, Gateway = rest.Gateway, Pool = rest.Pool, Exclude = rest.Exclude } : null;
    }
}
