using System.Net;
using System.Net.Sockets;

namespace Weft.Linux.Route;

/// <summary>
/// A policy rule (RTM_GETRULE, linux/fib_rules.h). Everything that the kernel tells is kept, so that one that was deleted can be
/// made again exactly.
/// </summary>
public sealed record RuleInfo
{
    /// <summary>AF_INET or AF_INET6.</summary>
    public required AddressFamily Family { get; init; }
    /// <summary>The lowest is looked at first.</summary>
    public required uint Priority { get; init; }
    /// <summary>Table that is looked up.</summary>
    public uint Table { get; init; }
    /// <summary>FR_ACT_*: 1 to table, 2 goto, 3 nop, 6 blackhole, 7 unreachable, 8 prohibit.</summary>
    public byte Action { get; init; } = 1;
    /// <summary>not: the rule is for packets that do not match.</summary>
    public bool Invert { get; init; }
    /// <summary>from; null for all.</summary>
    public IPNetwork? Source { get; init; }
    /// <summary>to; null for all.</summary>
    public IPNetwork? Destination { get; init; }
    /// <summary>iif: name of the link a packet came in by; null for any.</summary>
    public string? InLink { get; init; }
    /// <summary>oif: name of the link a socket is bound to; null for any.</summary>
    public string? OutLink { get; init; }
    /// <summary>fwmark; null for any.</summary>
    public uint? Mark { get; init; }
    /// <summary>Bits of the mark that count; null for all.</summary>
    public uint? MarkMask { get; init; }
    /// <summary>Type of service; 0 for any.</summary>
    public byte Tos { get; init; }
    /// <summary>Priority of the rule that FR_ACT_GOTO goes to; else null.</summary>
    public uint? Goto { get; init; }
    /// <summary>suppress_prefixlength: routes with a prefix no longer than this do not count; null for none.</summary>
    public uint? SuppressPrefixLength { get; init; }
    /// <summary>RTPROT_*, who made it: 2 kernel, 3 boot, 4 static.</summary>
    public byte Protocol { get; init; } = 4;
    /// <summary>What else it carries (ports, IP protocol, users, tunnel key, l3mdev), sent back unchanged.</summary>
    public ValueList<RawAttribute> Extra { get; init; } = [];

    /// <summary>Priority, what is matched, and the table.</summary>
    public override string ToString()
    {
        var mark = Mark is null ? "" : $" fwmark {Mark:#x}";
        var links = (InLink is null ? "" : $" iif {InLink}") + (OutLink is null ? "" : $" oif {OutLink}");
        return $"{Priority}: from {Source?.ToString() ?? "all"}{(Destination is null ? "" : $" to {Destination}")}{mark}{links} table {Table}";
    }
}
