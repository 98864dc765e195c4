using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>RTM_NEWRULE and RTM_DELRULE.</summary>
internal static class RuleCodec
{
    private const uint FIB_RULE_INVERT = 2, None = uint.MaxValue;
    private const byte RT_TABLE_UNSPEC = 0;

    /// <summary>Null for other families than IPv4 and IPv6.</summary>
    internal static RuleInfo? Read(ReadOnlySpan<byte> message)
    {
        var header = Decode.Header<FibRuleHdr>(message, out var attributes);
        if (header.Family is not (Rtm.AF_INET or Rtm.AF_INET6)) return null;
        var a = new AttributeTable(message, attributes, stackalloc AttributeTable.Place[32]);
        var suppress = a.U32(Fra.SUPPRESS_PREFIXLEN);
        return new RuleInfo
        {
            Family = Decode.Family(header.Family),
            Priority = a[Fra.PRIORITY].U32,
            Table = a.U32(Fra.TABLE) ?? header.Table,
            Action = header.Action,
            Invert = (header.Flags & FIB_RULE_INVERT) != 0,
            Source = header.SourceLength == 0 ? null : Decode.Prefix(header.Family, a[Fra.SRC], header.SourceLength),
            Destination = header.DestinationLength == 0 ? null : Decode.Prefix(header.Family, a[Fra.DST], header.DestinationLength),
            InLink = a.Text(Fra.IIFNAME),
            OutLink = a.Text(Fra.OIFNAME),
            Mark = a.U32(Fra.FWMARK),
            MarkMask = a.U32(Fra.FWMASK),
            Tos = header.Tos,
            Goto = a.U32(Fra.GOTO),
            SuppressPrefixLength = suppress == None ? null : suppress,
            Protocol = a[Fra.PROTOCOL].U8,
            Extra = RouteDecoder.Extra(attributes, Modelled),
        };
    }

    internal static void Write(NetlinkWriter w, RuleInfo r)
    {
        w.Struct(new FibRuleHdr
        {
            Family = Decode.Family(r.Family),
            SourceLength = (byte)(r.Source?.PrefixLength ?? 0),
            DestinationLength = (byte)(r.Destination?.PrefixLength ?? 0),
            Tos = r.Tos,
            Table = r.Table < 256 ? (byte)r.Table : RT_TABLE_UNSPEC,
            Action = r.Action,
            Flags = r.Invert ? FIB_RULE_INVERT : 0,
        });
        w.PutU32(Fra.PRIORITY, r.Priority); // also 0: the kernel would choose another
        if (r.Table != 0) w.PutU32(Fra.TABLE, r.Table);
        if (r.Source is { PrefixLength: > 0 } source) w.PutAddress(Fra.SRC, source.BaseAddress);
        if (r.Destination is { PrefixLength: > 0 } destination) w.PutAddress(Fra.DST, destination.BaseAddress);
        if (r.InLink is { } inLink) w.PutString(Fra.IIFNAME, inLink);
        if (r.OutLink is { } outLink) w.PutString(Fra.OIFNAME, outLink);
        if (r.Mark is { } mark) w.PutU32(Fra.FWMARK, mark);
        if (r.MarkMask is { } mask) w.PutU32(Fra.FWMASK, mask);
        if (r.Goto is { } target) w.PutU32(Fra.GOTO, target);
        if (r.SuppressPrefixLength is { } suppress) w.PutU32(Fra.SUPPRESS_PREFIXLEN, suppress);
        if (r.Protocol != 0) w.PutU8(Fra.PROTOCOL, r.Protocol);
        foreach (var extra in r.Extra) w.Put(extra.Type, extra.Payload.Span);
    }

    private static bool Modelled(ushort type) => type is Fra.DST or Fra.SRC or Fra.IIFNAME or Fra.GOTO or Fra.PRIORITY or Fra.FWMARK
        or Fra.SUPPRESS_PREFIXLEN or Fra.TABLE or Fra.FWMASK or Fra.OIFNAME or Fra.PAD or Fra.PROTOCOL;
}
