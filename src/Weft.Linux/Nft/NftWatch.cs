using Weft.Linux.Netlink;

namespace Weft.Linux.Nft;

/// <summary>Something in a table was made, changed or deleted.</summary>
/// <param name="Family">Family of the table.</param>
/// <param name="Table">Its name.</param>
/// <param name="Comments">When it is about elements of a set: the comment of each, null for one without. Empty when it is about the table, a chain, a rule or a set.</param>
public sealed record NftNotice(string Family, string Table, IReadOnlyList<string?> Comments);

/// <summary>Who made a transaction.</summary>
/// <param name="Name">Name of the thread, at most 15 bytes; a program of one thread has its own.</param>
/// <param name="Thread">Its number, in the host's first process namespace.</param>
public readonly record struct NftAuthor(string Name, int Thread)
{
    /// <summary>Whether it is a thread of this process. Numbers of another process namespace are strangers' here, and their names are not ours.</summary>
    public bool IsOwn
    {
        get
        {
            try
            {
                return File.ReadAllText($"/proc/self/task/{Thread}/comm").TrimEnd('\n') == Name;
            }
            catch (IOException) // no such thread
            {
                return false;
            }
        }
    }
}

/// <summary>Tells when nf_tables of the network namespace change (NFNLGRP_NFTABLES). It stays in the namespace of the thread that made it.</summary>
public sealed class NftWatch : IDisposable
{
    private const int NFNLGRP_NFTABLES = 7;
    private readonly NetlinkSocket _socket;
    private readonly Func<string, bool> _isWanted;

    /// <summary>Watches from now on.</summary>
    /// <param name="isWanted">Whether a table of that name is of interest; what is in others is not even read.</param>
    /// <param name="receiveBytes">How much may wait to be read; null for enough that whole rulesets may change at once.</param>
    /// <exception cref="NetlinkException">The kernel gives no socket.</exception>
    public NftWatch(Func<string, bool> isWanted, int? receiveBytes = null)
    {
        _isWanted = isWanted;
        const uint group = 1 << (NFNLGRP_NFTABLES - 1);
        _socket = receiveBytes is { } bytes ? new(NetlinkSocket.NETFILTER, group, bytes) : new(NetlinkSocket.NETFILTER, group);
    }

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _socket.Descriptor;

    /// <summary>Hands over what was told since the last call, without waiting.</summary>
    /// <param name="changed">Told of each thing.</param>
    /// <param name="by">Told, behind all things of a transaction, who made it; kernels before 4.10 do not tell.</param>
    /// <returns>False when some was lost: look at everything.</returns>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public bool Read(Action<NftNotice> changed, Action<NftAuthor> by) => _socket.Drain((type, _, message) => Read(type, message, _isWanted, changed, by));

    /// <summary>Reads one notification.</summary>
    /// <exception cref="InvalidDataException">The bytes make no sense.</exception>
    internal static void Read(ushort type, ReadOnlySpan<byte> message, Func<string, bool> isWanted, Action<NftNotice> changed, Action<NftAuthor> by)
    {
        if (type >> 8 != Nf.SUBSYS_NFTABLES) return;
        if (message.Length < 4) throw new InvalidDataException($"nfgenmsg of {message.Length} bytes");
        var kind = (ushort)(type & 0xff);
        var a = new NetlinkReader(message[4..]);
        if (kind == Nf.MSG_NEWGEN)
        {
            if (a.Find(Nf.GEN_PROC_NAME).Text is { Length: > 0 } name) by(new(name, (int)a.Find(Nf.GEN_PROC_PID).Be32));
            return;
        }
        // All kinds of objects name their table in their first attribute.
        var table = a.Find(Nf.TABLE_NAME).Text;
        if (!isWanted(table)) return;
        var isElement = kind is Nf.MSG_NEWSETELEM or Nf.MSG_DELSETELEM;
        changed(new NftNotice(Nf.FamilyName(message[0]), table, isElement ? Comments(a) : []));
    }

    private static List<string?> Comments(NetlinkReader a)
    {
        var all = new List<string?>();
        foreach (var e in a.Find(Nf.SET_ELEM_LIST_ELEMENTS).Nested) all.Add(NftDecoder.Comment(e.Nested.Find(Nf.SET_ELEM_USERDATA).Payload));
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
