namespace Weft.Linux.Route;

/// <summary>IFA_* of linux/if_addr.h, without the prefix.</summary>
internal static class Ifa
{
    internal const ushort
        ADDRESS = 1,
        LOCAL = 2,
        LABEL = 3,
        BROADCAST = 4,
        CACHEINFO = 6,
        FLAGS = 8,
        RT_PRIORITY = 9,
        PROTO = 11;
}

/// <summary>RTA_* of linux/rtnetlink.h, without the prefix.</summary>
internal static class Rta
{
    internal const ushort
        DST = 1,
        SRC = 2,
        OIF = 4,
        GATEWAY = 5,
        PRIORITY = 6,
        PREFSRC = 7,
        METRICS = 8,
        MULTIPATH = 9,
        CACHEINFO = 12,
        TABLE = 15,
        MFC_STATS = 17,
        VIA = 18,
        PREF = 20,
        EXPIRES = 23,
        PAD = 24,
        UID = 25,
        NH_ID = 30;
}

/// <summary>FRA_* of linux/fib_rules.h, without the prefix.</summary>
internal static class Fra
{
    internal const ushort
        DST = 1,
        SRC = 2,
        IIFNAME = 3,
        GOTO = 4,
        PRIORITY = 6,
        FWMARK = 10,
        SUPPRESS_IFGROUP = 13,
        SUPPRESS_PREFIXLEN = 14,
        TABLE = 15,
        FWMASK = 16,
        OIFNAME = 17,
        PAD = 18,
        L3MDEV = 19,
        PROTOCOL = 21,
        IP_PROTO = 22;
}

/// <summary>NDA_* of linux/neighbour.h, without the prefix.</summary>
internal static class Nda
{
    internal const ushort
        DST = 1,
        LLADDR = 2,
        VLAN = 5,
        IFINDEX = 8,
        MASTER = 9,
        PROTOCOL = 12;
}
