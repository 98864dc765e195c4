using System.Runtime.InteropServices;

namespace Weft.Linux.Netlink;

/// <summary>struct nlmsghdr (linux/netlink.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NlMsgHdr
{
    internal uint Length;
    internal ushort Type;
    internal ushort Flags;
    internal uint Sequence;
    internal uint PortId;
}

/// <summary>Message types and flags of linux/netlink.h, without their NLM prefix.</summary>
public static class Nlm
{
    /// <summary>NLMSG_ERROR: an acknowledgement when its error is 0.</summary>
    public const ushort ERROR = 2;
    /// <summary>NLMSG_DONE: end of a dump.</summary>
    public const ushort DONE = 3;
    /// <summary>NLM_F_REQUEST.</summary>
    public const ushort F_REQUEST = 0x01;
    /// <summary>NLM_F_ACK.</summary>
    public const ushort F_ACK = 0x04;
    /// <summary>NLM_F_ECHO: the kernel sends back what it made of a request.</summary>
    public const ushort F_ECHO = 0x08;
    /// <summary>NLM_F_DUMP_INTR: the dump is inconsistent, read it again.</summary>
    public const ushort F_DUMP_INTR = 0x10;
    /// <summary>NLM_F_DUMP (ROOT and MATCH).</summary>
    public const ushort F_DUMP = 0x300;
    /// <summary>NLM_F_REPLACE.</summary>
    public const ushort F_REPLACE = 0x100;
    /// <summary>NLM_F_EXCL: fail when the object exists.</summary>
    public const ushort F_EXCL = 0x200;
    /// <summary>NLM_F_CREATE.</summary>
    public const ushort F_CREATE = 0x400;
    /// <summary>NLM_F_APPEND.</summary>
    public const ushort F_APPEND = 0x800;
    /// <summary>NLM_F_CAPPED: an error echoes the header only.</summary>
    public const ushort F_CAPPED = 0x100;
    /// <summary>NLM_F_ACK_TLVS: attributes follow in an error.</summary>
    public const ushort F_ACK_TLVS = 0x200;
    /// <summary>NLMSGERR_ATTR_MSG: the kernel's own text.</summary>
    public const ushort ERR_ATTR_MSG = 1;
    /// <summary>NLA_F_NESTED.</summary>
    public const ushort NLA_F_NESTED = 0x8000;
}
