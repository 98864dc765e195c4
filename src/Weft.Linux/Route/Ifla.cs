namespace Weft.Linux.Route;

/// <summary>IFLA_* of linux/if_link.h, without the prefix.</summary>
internal static class Ifla
{
    internal const ushort
        ADDRESS = 1,
        IFNAME = 3,
        MTU = 4,
        LINK = 5,
        MASTER = 10,
        PROTINFO = 12,
        TXQLEN = 13,
        OPERSTATE = 16,
        LINKINFO = 18,
        IFALIAS = 20,
        STATS64 = 23,
        AF_SPEC = 26,
        GROUP = 27,
        NET_NS_FD = 28,
        EXT_MASK = 29,
        PROMISCUITY = 30,
        NUM_TX_QUEUES = 31,
        NUM_RX_QUEUES = 32,
        CARRIER = 33,
        LINK_NETNSID = 37,
        MIN_MTU = 50,
        MAX_MTU = 51,
        PROP_LIST = 52,
        ALT_IFNAME = 53,
        PERM_ADDRESS = 54,
        PARENT_DEV_NAME = 56,
        PARENT_DEV_BUS_NAME = 57;
}

/// <summary>IFLA_BR_* of linux/if_link.h, without the prefix.</summary>
internal static class IflaBr
{
    internal const ushort
        FORWARD_DELAY = 1,
        HELLO_TIME = 2,
        MAX_AGE = 3,
        AGEING_TIME = 4,
        STP_STATE = 5,
        PRIORITY = 6,
        VLAN_FILTERING = 7,
        VLAN_PROTOCOL = 8,
        GROUP_FWD_MASK = 9,
        ROOT_ID = 10,
        BRIDGE_ID = 11,
        ROOT_PORT = 12,
        ROOT_PATH_COST = 13,
        MCAST_SNOOPING = 23,
        MCAST_QUERIER = 25,
        NF_CALL_IPTABLES = 36,
        NF_CALL_IP6TABLES = 37,
        NF_CALL_ARPTABLES = 38,
        VLAN_DEFAULT_PVID = 39;
}

/// <summary>IFLA_BRPORT_* of linux/if_link.h, without the prefix.</summary>
internal static class IflaBrport
{
    internal const ushort
        STATE = 1,
        PRIORITY = 2,
        COST = 3,
        MODE = 4,
        GUARD = 5,
        PROTECT = 6,
        FAST_LEAVE = 7,
        LEARNING = 8,
        UNICAST_FLOOD = 9,
        PROXYARP = 10,
        MCAST_FLOOD = 27,
        MCAST_TO_UCAST = 28,
        BCAST_FLOOD = 30,
        NEIGH_SUPPRESS = 32,
        ISOLATED = 33,
        LOCKED = 39;
}

/// <summary>IFLA_TUN_* of linux/if_link.h, without the prefix.</summary>
internal static class IflaTun
{
    internal const ushort
        OWNER = 1,
        GROUP = 2,
        TYPE = 3,
        PI = 4,
        VNET_HDR = 5,
        PERSIST = 6,
        MULTI_QUEUE = 7,
        NUM_QUEUES = 8;
}
