using System.Runtime.InteropServices;

namespace Weft.Linux.Nft;

/// <summary>struct nfgenmsg (linux/netfilter/nfnetlink.h).</summary>
/// <param name="Family">NFPROTO_*.</param>
/// <param name="Version">NFNETLINK_V0.</param>
/// <param name="ResourceId">Big-endian; the subsystem for batch messages.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NfGenMsg(byte Family, byte Version, ushort ResourceId);

/// <summary>Numbers of linux/netfilter/nf_tables.h and nfnetlink.h, spelled as there, without their NFT, NFTA and NFNL prefixes.</summary>
internal static class Nf
{
    internal const byte PROTO_UNSPEC = 0, PROTO_INET = 1, PROTO_IPV4 = 2, PROTO_ARP = 3, PROTO_NETDEV = 5, PROTO_BRIDGE = 7, PROTO_IPV6 = 10;
    internal const ushort SUBSYS_NFTABLES = 10;
    internal const ushort MSG_BATCH_BEGIN = 16, MSG_BATCH_END = 17, BATCH_GENID = 1;
    internal const ushort MSG_GETTABLE = 1, MSG_DELTABLE = 2, MSG_NEWCHAIN = 3, MSG_GETCHAIN = 4, MSG_NEWRULE = 6, MSG_GETRULE = 7, MSG_NEWSET = 9, MSG_GETSET = 10;
    internal const ushort MSG_NEWSETELEM = 12, MSG_GETSETELEM = 13, MSG_DELSETELEM = 14, MSG_NEWGEN = 15, MSG_GETGEN = 16, MSG_GETOBJ = 19;
    internal const ushort TABLE_NAME = 1, TABLE_FLAGS = 2, TABLE_USE = 3, TABLE_HANDLE = 4, TABLE_USERDATA = 6;
    internal const ushort CHAIN_TABLE = 1, CHAIN_HANDLE = 2, CHAIN_NAME = 3, CHAIN_HOOK = 4, CHAIN_POLICY = 5, CHAIN_TYPE = 7;
    internal const ushort RULE_TABLE = 1, RULE_CHAIN = 2;
    internal const ushort HOOK_HOOKNUM = 1, HOOK_PRIORITY = 2, HOOK_DEV = 3;
    internal const ushort SET_TABLE = 1, SET_NAME = 2, SET_FLAGS = 3, SET_KEY_LEN = 5, SET_DATA_TYPE = 6, SET_DATA_LEN = 7;
    internal const uint SET_INTERVAL = 4, SET_MAP = 8, TYPE_VERDICT = 0xffffff00;
    internal const ushort SET_ELEM_LIST_TABLE = 1, SET_ELEM_LIST_SET = 2, SET_ELEM_LIST_ELEMENTS = 3;
    internal const ushort LIST_ELEM = 1;
    internal const ushort SET_ELEM_KEY = 1, SET_ELEM_DATA = 2, SET_ELEM_FLAGS = 3, SET_ELEM_USERDATA = 6, SET_ELEM_EXPR = 7, SET_ELEM_KEY_END = 10, SET_ELEM_EXPRESSIONS = 11;
    internal const ushort OBJ_TABLE = 1, OBJ_NAME = 2, OBJ_TYPE = 3, OBJ_DATA = 4;
    internal const uint OBJECT_COUNTER = 1;
    internal const ushort DATA_VALUE = 1, DATA_VERDICT = 2, VERDICT_CODE = 1, VERDICT_CHAIN = 2;
    internal const ushort EXPR_NAME = 1, EXPR_DATA = 2, COUNTER_BYTES = 1, COUNTER_PACKETS = 2;
    internal const ushort GEN_ID = 1, GEN_PROC_PID = 2, GEN_PROC_NAME = 3;
    internal const uint SET_ELEM_INTERVAL_END = 1;
    internal const int JUMP = -3, GOTO = -4, RETURN = -5, DROP = 0, ACCEPT = 1;

    /// <summary>Type of a message to nf_tables.</summary>
    internal static ushort Type(ushort message) => (ushort)(SUBSYS_NFTABLES << 8 | message);

    /// <summary>The number of a family as nft spells it.</summary>
    /// <exception cref="ArgumentException">No such family.</exception>
    internal static byte Family(string name) => name switch
    {
        "inet" => PROTO_INET,
        "ip" => PROTO_IPV4,
        "ip6" => PROTO_IPV6,
        "arp" => PROTO_ARP,
        "bridge" => PROTO_BRIDGE,
        "netdev" => PROTO_NETDEV,
        _ => throw new ArgumentException($"nftables has no family '{name}'", nameof(name)),
    };

    /// <summary>A family's name as nft spells it.</summary>
    internal static string FamilyName(byte family) => family switch
    {
        PROTO_INET => "inet",
        PROTO_IPV4 => "ip",
        PROTO_IPV6 => "ip6",
        PROTO_ARP => "arp",
        PROTO_BRIDGE => "bridge",
        PROTO_NETDEV => "netdev",
        _ => $"family{family}",
    };
}
