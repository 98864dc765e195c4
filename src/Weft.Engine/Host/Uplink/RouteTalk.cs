using System.Runtime.InteropServices;
using Weft.Linux.Netlink;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host.Uplink;

/// <summary>What of a link matters to moving a NIC under a bridge.</summary>
internal sealed record LinkState(int Index, string Name)
{
    internal byte[] Mac { get; init; } = [];
    internal uint Mtu { get; init; }
    internal bool Up { get; init; }
    internal bool Carrier { get; init; }
    internal int Master { get; init; }
    internal byte OperState { get; init; }
    internal string Qdisc { get; init; } = "";
    internal string Kind { get; init; } = "";
    internal string Alias { get; init; } = "";
    /// <summary>IFLA_BR_STP_STATE of a bridge.</summary>
    internal uint Stp { get; init; }
    /// <summary>IFLA_BRPORT_COST of a port.</summary>
    internal uint Cost { get; init; }
    /// <summary>IFLA_BRPORT_PRIORITY of a port.</summary>
    internal ushort Priority { get; init; }
    /// <summary>IFLA_BRPORT_STATE of a port; 3 is forwarding.</summary>
    internal byte PortState { get; init; }

    /// <summary>Sends at once: the carrier is known to the queueing layer (a bridge gets that a moment after its first port).</summary>
    internal bool Ready => Up && Carrier && Qdisc is not ("noop" or "") && OperState is 0 or 6;
}

/// <summary>The messages of moving a NIC, as raw rtnetlink: what is read is written back with the link exchanged and nothing lost.</summary>
internal sealed class RouteTalk : IDisposable
{
    private const byte AF_INET = 2, AF_INET6 = 10;
    private readonly NetlinkSocket _socket = new(NetlinkSocket.ROUTE);

    public void Dispose() => _socket.Dispose();

    /// <summary>The NIC of a capture, by another name when it was renamed since; null when it is gone.</summary>
    internal LinkState? Nic(UplinkState state)
    {
        var named = Link(state.Nic);
        if (named?.Index == state.NicIndex || state.Boot != Sysctl.BootId) return named;
        return NameOf(state.NicIndex) is { Length: > 0 } name ? Link(name) : named;
    }

    /// <summary>The link of that name, or null.</summary>
    internal LinkState? Link(string name)
    {
        var request = new NetlinkWriter(256);
        request.Begin(Rtm.NEWLINK + 2, Nlm.F_REQUEST).Struct(default(IfInfoMsg)).PutString(Ifla.IFNAME, name).End();
        LinkState? found = null;
        try
        {
            _socket.Query(request, $"read link {name}", (_, _, payload) => found = ParseLink(payload));
        }
        catch (NetlinkException e) when (e.Errno == Linux.Libc.Errno.ENODEV)
        {
            return null;
        }
        return found;
    }

    /// <summary>The name of the link of that index, "" when there is none.</summary>
    internal string NameOf(int index)
    {
        var request = new NetlinkWriter(64);
        request.Begin(Rtm.NEWLINK + 2, Nlm.F_REQUEST).Struct(new IfInfoMsg { Index = index }).End();
        var name = "";
        try
        {
            _socket.Query(request, $"read link {index}", (_, _, payload) => name = ParseLink(payload).Name);
        }
        catch (NetlinkException e) when (e.Errno == Linux.Libc.Errno.ENODEV)
        {
            return "";
        }
        return name;
    }

    internal List<RtObject> Addresses(int index) => [.. Dump(Rtm.NEWADDR, 0, default(Header8)).Where(a => a.HeaderU32(4) == index)];

    internal List<RtObject> Routes(int index) =>
        [.. Dump(Rtm.NEWROUTE, AF_INET, default(Header12))
            .Concat(Dump(Rtm.NEWROUTE, AF_INET6, default(Header12)).SelectMany(Retarget.Split)).Where(r => Retarget.Uses(r, index))];

    internal List<RtObject> AllRoutes(byte family) => Dump(Rtm.NEWROUTE, family, default(Header12));

    internal List<RtObject> Rules() => [.. Dump(Rtm.NEWRULE, AF_INET, default(Header12)), .. Dump(Rtm.NEWRULE, AF_INET6, default(Header12))];

    internal List<RtObject> Neighbours(int index) =>
        [.. Dump(Rtm.NEWNEIGH, AF_INET, default(Header12)).Concat(Dump(Rtm.NEWNEIGH, AF_INET6, default(Header12))).Where(n => n.HeaderU32(4) == index)];

    internal List<RtObject> Proxies(int index) =>
        [.. Dump(Rtm.NEWNEIGH, AF_INET, Proxy()).Concat(Dump(Rtm.NEWNEIGH, AF_INET6, Proxy())).Where(n => n.HeaderU32(4) == index)];

    /// <summary>Nexthop objects over a link; none on kernels before 5.3.</summary>
    internal List<RtObject> Nexthops(int index)
    {
        try
        {
            return [.. Dump(Rtm.NEWNEXTHOP, 0, default(Header8)).Where(n => n.U32(Nha.OIF) == index)];
        }
        catch (NetlinkException e) when (e.Errno == Linux.Libc.Errno.EOPNOTSUPP)
        {
            return [];
        }
    }

    /// <summary>Sends the messages in one go.</summary>
    /// <exception cref="NetlinkException">The first refusal that <paramref name="ignore"/> does not pass over.</exception>
    internal void Execute(Batch batch, params int[] ignore)
    {
        if (batch.Writer.Count == 0) return;
        if (_socket.TryExecute(batch.Writer, batch.Describe).FirstOrDefault(e => !ignore.Contains(e.Errno)) is { } error) throw error;
    }

    private List<RtObject> Dump<T>(ushort type, byte family, T header) where T : unmanaged
    {
        MemoryMarshal.AsBytes(new Span<T>(ref header))[0] = family;
        while (true)
        {
            var list = new List<RtObject>();
            var request = new NetlinkWriter(64);
            request.Begin((ushort)(type + 2), Nlm.F_REQUEST | Nlm.F_DUMP).Struct(header).End();
            if (_socket.Query(request, "read the kernel's network state", (t, _, payload) => { if (t == type) list.Add(RtObject.Parse(t, payload)); }))
                return list;
        }
    }

    private static Header12 Proxy()
    {
        var h = default(Header12);
        MemoryMarshal.AsBytes(new Span<Header12>(ref h))[10] = Nda.NTF_PROXY;
        return h;
    }

    private static LinkState ParseLink(ReadOnlySpan<byte> payload)
    {
        var header = MemoryMarshal.Read<IfInfoMsg>(payload);
        var attributes = new NetlinkReader(payload[16..]);
        var info = attributes.Find(Ifla.LINKINFO).Nested;
        var port = info.Find(Ifla.INFO_SLAVE_DATA).Nested;
        return new LinkState(header.Index, attributes.Find(Ifla.IFNAME).Text)
        {
            Mac = attributes.Find(Ifla.ADDRESS).Payload.ToArray(),
            Mtu = attributes.Find(Ifla.MTU).U32,
            Up = (header.Flags & 1) != 0,
            Carrier = (header.Flags & 0x10000) != 0,
            Master = (int)attributes.Find(Ifla.MASTER).U32,
            OperState = attributes.Find(Ifla.OPERSTATE).U8,
            Qdisc = attributes.Find(Ifla.QDISC).Text,
            Kind = info.Find(Ifla.INFO_KIND).Text,
            Alias = attributes.Find(Ifla.IFALIAS).Text,
            Stp = info.Find(Ifla.INFO_DATA).Nested.Find(Ifla.BR_STP_STATE).U32,
            Cost = port.Find(Ifla.BRPORT_COST).U32,
            Priority = port.Find(Ifla.BRPORT_PRIORITY).U16,
            PortState = port.Find(Ifla.BRPORT_STATE).U8,
        };
    }
}

/// <summary>IFLA_* (linux/if_link.h).</summary>
internal static class Ifla
{
    internal const ushort ADDRESS = 1, IFNAME = 3, MTU = 4, QDISC = 6, MASTER = 10, OPERSTATE = 16, LINKINFO = 18, IFALIAS = 20, AF_SPEC = 26;
    internal const ushort INFO_KIND = 1, INFO_DATA = 2, INFO_SLAVE_KIND = 4, INFO_SLAVE_DATA = 5, BR_STP_STATE = 5;
    internal const ushort BRPORT_STATE = 1, BRPORT_PRIORITY = 2, BRPORT_COST = 3;
}

/// <summary>struct ifinfomsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IfInfoMsg
{
    internal byte Family;
    internal byte Pad;
    internal ushort Type;
    internal int Index;
    internal uint Flags;
    internal uint Change;
}

/// <summary>A family header of 8 bytes, all zero unless said.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal struct Header8;

/// <summary>A family header of 12 bytes, all zero unless said.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal struct Header12;
