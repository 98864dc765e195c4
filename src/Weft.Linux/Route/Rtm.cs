using System.Runtime.InteropServices;

namespace Weft.Linux.Route;

/// <summary>RTM_* message types of linux/rtnetlink.h, without the prefix, and the address families used with them.</summary>
internal static class Rtm
{
    internal const ushort NEWLINK = 16, DELLINK = 17, GETLINK = 18, SETLINK = 19;
    internal const ushort NEWADDR = 20, DELADDR = 21, GETADDR = 22;
    internal const ushort NEWROUTE = 24, DELROUTE = 25, GETROUTE = 26;
    internal const ushort NEWNEIGH = 28, DELNEIGH = 29, GETNEIGH = 30;
    internal const ushort NEWRULE = 32, DELRULE = 33, GETRULE = 34;

    internal const ushort NEWNETCONF = 80, GETVLAN = 114;

    internal const byte AF_UNSPEC = 0, AF_INET = 2, AF_BRIDGE = 7, AF_INET6 = 10;

    internal const uint RTEXT_FILTER_BRVLAN_COMPRESSED = 4, RTEXT_FILTER_SKIP_STATS = 8;
}

/// <summary>struct ifinfomsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IfInfoMsg
{
    internal byte Family, Pad;
    internal ushort Type;
    internal int Index;
    internal uint Flags, Change;
}

/// <summary>struct ifaddrmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IfAddrMsg
{
    internal byte Family, PrefixLength, Flags, Scope;
    internal int Index;
}

/// <summary>struct ifa_cacheinfo: lifetimes in seconds, stamps in hundredths of a second since boot.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IfaCacheInfo
{
    internal uint Preferred, Valid, Created, Updated;
}

/// <summary>struct rtmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RtMsg
{
    internal byte Family, DestinationLength, SourceLength, Tos, Table, Protocol, Scope, Type;
    internal uint Flags;
}

/// <summary>struct rta_cacheinfo; Expires in hundredths of a second.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RtaCacheInfo
{
    internal uint References, LastUse;
    internal int Expires;
    internal uint Error, Used, Id, Ts, TsAge;
}

/// <summary>struct rtnexthop; attributes follow.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RtNextHop
{
    internal ushort Length;
    internal byte Flags, Hops;
    internal int Index;
}

/// <summary>struct fib_rule_hdr.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FibRuleHdr
{
    internal byte Family, DestinationLength, SourceLength, Tos, Table, Reserved1, Reserved2, Action;
    internal uint Flags;
}

/// <summary>struct br_vlan_msg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BrVlanMsg
{
    internal byte Family, Reserved1;
    internal ushort Reserved2;
    internal int Index;
}

/// <summary>struct ndmsg.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NdMsg
{
    internal byte Family, Pad1;
    internal ushort Pad2;
    internal int Index;
    internal ushort State;
    internal byte Flags, Type;
}
