using System.Runtime.InteropServices;
using Weft.Linux.Libc;

namespace Weft.Linux.Netlink;

/// <summary>What a message handler is given: nlmsg_type, nlmsg_flags, and the bytes after struct nlmsghdr.</summary>
public delegate void NetlinkMessageHandler(ushort type, ushort flags, ReadOnlySpan<byte> payload);

/// <summary>What a handler of answers is given: the index of the question, and the bytes after struct nlmsghdr.</summary>
public delegate void NetlinkAnswerHandler(int question, ReadOnlySpan<byte> payload);

/// <summary>
/// A blocking netlink socket with extended acknowledgements. It stays in the network namespace of the thread that made it.
/// Not safe for use by several threads at once.
/// </summary>
public sealed unsafe class NetlinkSocket : IDisposable
{
    /// <summary>NETLINK_ROUTE.</summary>
    public const int ROUTE = 0;
    /// <summary>NETLINK_NETFILTER.</summary>
    public const int NETFILTER = 12;
    /// <summary>NETLINK_GENERIC.</summary>
    public const int GENERIC = 16;

    private const int AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, SOL_SOCKET = 1, SOL_NETLINK = 270;
    private const int SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33, NETLINK_ADD_MEMBERSHIP = 1, NETLINK_CAP_ACK = 10, NETLINK_EXT_ACK = 11, NETLINK_GET_STRICT_CHK = 12;
    private const int MSG_TRUNC = 0x20, MSG_PEEK = 2;
    private const int BufferBytes = 8 << 20; // 20,000 set elements in one batch are 400 kB; replies to 64 messages far less

    private const int Questions = 64; // in one send: the kernel answers all of them before it returns

    private readonly int _fd;
    private byte[] _receive = new byte[1 << 16];
    private uint _sequence = 1;

    /// <summary>Opens a socket in the network namespace of this thread.</summary>
    /// <param name="protocol"><see cref="ROUTE"/>, <see cref="NETFILTER"/> or <see cref="GENERIC"/>.</param>
    /// <param name="groups">Multicast groups to join, as the bit mask of sockaddr_nl.</param>
    /// <param name="receiveBytes">What may wait to be received; what comes beyond it is lost.</param>
    /// <exception cref="NetlinkException">The kernel gives no socket.</exception>
    public NetlinkSocket(int protocol, uint groups = 0, int receiveBytes = BufferBytes)
    {
        _fd = NativeMethods.Socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (_fd < 0) throw Failed("open a netlink socket");
        Option(SOL_SOCKET, SO_SNDBUFFORCE, BufferBytes);
        Option(SOL_SOCKET, SO_RCVBUFFORCE, receiveBytes);
        Option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
        Option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
        var address = stackalloc uint[3] { AF_NETLINK, 0, groups };
        if (NativeMethods.Bind(_fd, address, 12) < 0) throw Failed("bind a netlink socket");
    }

    /// <summary>
    /// NETLINK_GET_STRICT_CHK: dumps are filtered by the kernel as the request says, and a request that makes no sense is refused
    /// instead of understood otherwise. Kernels before 4.20 ignore this.
    /// </summary>
    public void CheckStrictly() => Option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);

    /// <summary>Joins one more multicast group.</summary>
    /// <param name="group">Its number.</param>
    /// <exception cref="NetlinkException">The kernel has no such group.</exception>
    public void Join(int group)
    {
        if (NativeMethods.SetSockOpt(_fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(int)) < 0) throw Failed($"join netlink group {group}");
    }

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _fd;

    /// <summary>
    /// Sends the messages of the writer and waits until the kernel has worked through them. Only the last one is acknowledged
    /// (refusals come in any case), so that a receive buffer never overflows.
    /// </summary>
    /// <param name="writer">Messages; cut into sends of at most <paramref name="chunk"/>.</param>
    /// <param name="describe">Says what message i was for; called only for the first one refused.</param>
    /// <param name="chunk">Messages in one send. A batch of nfnetlink must be one send: int.MaxValue.</param>
    /// <exception cref="NetlinkException">The first message that was refused. Later ones of rtnetlink were still carried out.</exception>
    public void Execute(NetlinkWriter writer, Func<int, string> describe, int chunk = 64)
    {
        if (TryExecute(writer, describe, chunk) is [var first, ..]) throw first;
    }

    /// <summary>As <see cref="Execute"/>, but hands back every refusal instead of throwing the first.</summary>
    /// <returns>The refusals in the order of the messages; empty when all were carried out.</returns>
    public IReadOnlyList<NetlinkException> TryExecute(NetlinkWriter writer, Func<int, string> describe, int chunk = 64)
    {
        var refused = new List<NetlinkException>();
        for (var i = 0; i < writer.Count; i += Math.Min(chunk, writer.Count - i))
            SendChunk(writer, i, Math.Min(chunk, writer.Count - i), describe, refused);
        return refused;
    }

    /// <summary>Asks for many objects at once, each by a message of its own.</summary>
    /// <param name="writer">The questions.</param>
    /// <param name="describe">Says what question i was for.</param>
    /// <param name="answer">Given each answer, with the index of its question.</param>
    /// <returns>The refusals, in the order of the questions.</returns>
    /// <exception cref="NetlinkException">The kernel takes or gives nothing.</exception>
    public IReadOnlyList<NetlinkException> Ask(NetlinkWriter writer, Func<int, string> describe, NetlinkAnswerHandler answer)
    {
        var refused = new List<NetlinkException>();
        for (var i = 0; i < writer.Count; i += Math.Min(Questions, writer.Count - i))
            SendChunk(writer, i, Math.Min(Questions, writer.Count - i), describe, refused, answer);
        return refused;
    }

    /// <summary>Asks for a dump (or for one object) and hands every message of the answer to the handler.</summary>
    /// <returns>False when the kernel says that the dump was interrupted by a change (NLM_F_DUMP_INTR): read again.</returns>
    /// <exception cref="NetlinkException">The request was refused.</exception>
    public bool Query(NetlinkWriter writer, string operation, NetlinkMessageHandler handler)
    {
        var sequence = Number(writer, 0, writer.Count, out var bytes);
        SendBytes(bytes);
        var consistent = true;
        while (true)
        {
            var data = Receive();
            while (Next(ref data, out var h, out var payload))
            {
                if (h.Sequence != sequence) continue;
                if ((h.Flags & Nlm.F_DUMP_INTR) != 0) consistent = false;
                if (h.Type is Nlm.DONE or Nlm.ERROR) // a dump that broke off says why in NLMSG_DONE
                {
                    ThrowIfError(h, payload, operation);
                    return consistent;
                }
                handler(h.Type, h.Flags, payload);
            }
        }
    }

    /// <summary>Hands every notification that waits to the handler, without waiting for more.</summary>
    /// <param name="handler">Reads one; <see cref="InvalidDataException"/> says that it makes no sense.</param>
    /// <returns>False when notifications were lost, or one could not be read: read everything again.</returns>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public bool Drain(NetlinkMessageHandler handler)
    {
        var whole = true;
        while (true)
        {
            try
            {
                if (!Receive(out var data, NativeMethods.MSG_DONTWAIT)) return whole;
                while (Next(ref data, out var h, out var payload)) handler(h.Type, h.Flags, payload);
            }
            catch (NetlinkException e) when (e.Errno == Libc.Errno.ENOBUFS)
            {
                whole = false;
            }
            catch (InvalidDataException)
            {
                whole = false;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ = NativeMethods.Close(_fd);

    private void SendChunk(NetlinkWriter writer, int from, int count, Func<int, string> describe, List<NetlinkException> refused, NetlinkAnswerHandler? answer = null)
    {
        var last = Number(writer, from, count, out var bytes);
        var first = last - (uint)count + 1;
        SendBytes(bytes);
        // The kernel works through a send before send(2) returns: an empty queue is the end of the answers. A kernel older
        // than 6.10 does not acknowledge the end of an nfnetlink batch, so waiting for that could be for ever.
        while (Receive(out var data, NativeMethods.MSG_DONTWAIT))
        {
            while (Next(ref data, out var h, out var payload))
            {
                if (h.Sequence < first || h.Sequence > last) continue;
                var index = from + (int)(h.Sequence - first);
                if (h.Type != Nlm.ERROR)
                {
                    answer?.Invoke(index, payload);
                    continue;
                }
                if (ErrorOf(h, payload, () => describe(index), index) is { } error) refused.Add(error);
                if (h.Sequence == last) return;
            }
        }
    }

    private uint Number(NetlinkWriter writer, int from, int count, out Span<byte> bytes)
    {
        var start = writer.Offsets[from];
        var end = from + count < writer.Count ? writer.Offsets[from + count] : writer.Written.Length;
        for (var i = from; i < from + count; i++)
        {
            var at = writer.Written[writer.Offsets[i]..];
            MemoryMarshal.Write(at[8..], _sequence++);
            if (i == from + count - 1) MemoryMarshal.Write(at[6..], (ushort)(MemoryMarshal.Read<ushort>(at[6..]) | Nlm.F_ACK));
        }
        bytes = writer.Written[start..end];
        return _sequence - 1;
    }

    private void SendBytes(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            while (NativeMethods.Send(_fd, p, (nuint)bytes.Length, 0) < 0)
                if (Marshal.GetLastPInvokeError() != Errno.EINTR) throw Failed("send to the kernel");
        }
    }

    private ReadOnlySpan<byte> Receive()
    {
        _ = Receive(out var data, 0);
        return data;
    }

    /// <summary>Receives one datagram, whole; false when there is none and flags say not to wait.</summary>
    private bool Receive(out ReadOnlySpan<byte> data, int flags)
    {
        data = default;
        // Looking first tells the length, so that nothing is cut off. An error is reported once only: it must not be passed over.
        if (!Receive(flags | MSG_PEEK | MSG_TRUNC, out var length)) return false;
        if (length > _receive.Length) _receive = new byte[Math.Max(length, 2 * _receive.Length)];
        _ = Receive(0, out length);
        data = _receive.AsSpan(0, length);
        return true;
    }

    private bool Receive(int flags, out int length)
    {
        while (true)
        {
            nint n;
            // Who only asks for the length has nothing copied.
            fixed (byte* p = _receive) n = NativeMethods.Recv(_fd, p, (flags & MSG_PEEK) != 0 ? 0 : (nuint)_receive.Length, flags);
            length = (int)n;
            if (n >= 0) return true;
            var errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.EAGAIN && (flags & NativeMethods.MSG_DONTWAIT) != 0) return false;
            if (errno != Errno.EINTR) throw Failed("receive from the kernel");
        }
    }

    private static bool Next(ref ReadOnlySpan<byte> data, out NlMsgHdr header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!MemoryMarshal.TryRead(data, out header) || header.Length < NetlinkWriter.HeaderLength || header.Length > data.Length)
            return false;
        payload = data[NetlinkWriter.HeaderLength..(int)header.Length];
        data = data[Math.Min((int)(header.Length + 3) & ~3, data.Length)..];
        return true;
    }

    private static void ThrowIfError(NlMsgHdr h, ReadOnlySpan<byte> payload, string operation)
    {
        if (ErrorOf(h, payload, () => operation, -1) is { } e) throw e;
    }

    private static NetlinkException? ErrorOf(NlMsgHdr h, ReadOnlySpan<byte> payload, Func<string> operation, int index)
    {
        if (!MemoryMarshal.TryRead(payload, out int negative) || negative >= 0) return null;
        var text = (h.Flags & Nlm.F_ACK_TLVS) != 0 ? new NetlinkReader(TextOf(h, payload)).Find(Nlm.ERR_ATTR_MSG).Text : "";
        return new NetlinkException(operation(), -negative, text.Length > 0 ? text : null, index);
    }

    /// <summary>The attributes of an extended acknowledgement: after the error, and after the echoed message or its header.</summary>
    private static ReadOnlySpan<byte> TextOf(NlMsgHdr h, ReadOnlySpan<byte> payload)
    {
        if (h.Type == Nlm.DONE) return payload[4..];
        var echoed = (h.Flags & Nlm.F_CAPPED) != 0 || !MemoryMarshal.TryRead(payload[4..], out uint full)
            ? NetlinkWriter.HeaderLength
            : full;
        return payload[(int)Math.Min(4 + ((echoed + 3L) & ~3L), payload.Length)..];
    }

    private void Option(int level, int name, int value)
    {
        // Forcing buffer sizes needs CAP_NET_ADMIN; without it the defaults serve reading, and changes are refused anyway.
        _ = NativeMethods.SetSockOpt(_fd, level, name, &value, sizeof(int));
    }

    private static NetlinkException Failed(string operation)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new NetlinkException(operation, errno, null);
    }
}
