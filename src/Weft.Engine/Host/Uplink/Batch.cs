using Weft.Linux.Netlink;

namespace Weft.Engine.Host.Uplink;

/// <summary>Messages for one send, each with what it is for.</summary>
internal sealed class Batch
{
    private readonly List<Func<string>> _about = [];

    internal NetlinkWriter Writer { get; } = new();

    internal int Count => Writer.Count;

    internal string Describe(int index) => _about[index]();

    /// <summary>Makes or changes an object on a link.</summary>
    internal void New(RtObject o, ushort flags, string link)
    {
        o.Write(Writer, flags);
        _about.Add(() => $"add {o.Describe()} to {link}");
    }

    /// <summary>Removes an object from a link.</summary>
    internal void Delete(RtObject o, string link)
    {
        o.Write(Writer, 0, 1);
        _about.Add(() => $"remove {o.Describe()} from {link}");
    }

    /// <summary>Changes settings of a link that is there.</summary>
    internal void Link(LinkState link, string what, Action<NetlinkWriter> attributes) =>
        Message(Rtm.NEWLINK, new IfInfoMsg { Index = link.Index }, $"{what} ({link.Name})", attributes);

    /// <summary>Any message about a link.</summary>
    internal void Message(ushort type, IfInfoMsg header, string what, Action<NetlinkWriter> attributes)
    {
        Writer.Begin(type, Nlm.F_REQUEST).Struct(header);
        attributes(Writer);
        Writer.End();
        _about.Add(() => what);
    }

    /// <summary>IFF_UP on or off.</summary>
    internal void Link(LinkState link, bool up) =>
        Message(Rtm.NEWLINK, new IfInfoMsg { Index = link.Index, Flags = up ? 1u : 0, Change = 1 }, $"switch {link.Name} {(up ? "on" : "off")}", _ => { });

    /// <summary>IFLA_BR_STP_STATE of a bridge.</summary>
    internal void Stp(LinkState bridge, uint state) => Link(bridge, $"switch spanning tree {(state == 0 ? "off" : "on")}", w =>
    {
        var info = w.BeginNest(Ifla.LINKINFO);
        w.PutString(Ifla.INFO_KIND, "bridge");
        var data = w.BeginNest(Ifla.INFO_DATA);
        w.PutU32(Ifla.BR_STP_STATE, state);
        w.EndNest(data);
        w.EndNest(info);
    });

    /// <summary>STP cost and priority of a bridge port; null leaves them.</summary>
    internal void Port(LinkState port, int? cost, int? priority) => Link(port, "set the bridge port's STP values", w =>
    {
        var info = w.BeginNest(Ifla.LINKINFO);
        w.PutString(Ifla.INFO_SLAVE_KIND, "bridge");
        var data = w.BeginNest(Ifla.INFO_SLAVE_DATA);
        if (cost is { } c) w.PutU32(Ifla.BRPORT_COST, (uint)c);
        if (priority is { } p) w.PutU16(Ifla.BRPORT_PRIORITY, (ushort)p);
        w.EndNest(data);
        w.EndNest(info);
    });
}
