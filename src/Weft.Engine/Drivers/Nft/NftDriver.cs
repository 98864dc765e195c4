using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Nft;

namespace Weft.Engine.Drivers.Nft;

/// <summary>
/// Weft's nftables tables and the elements of their sets. Elements go by netlink, in one transaction; a table that is new or of another version
/// goes as text, in one transaction, so that no packet meets it empty. What is in the tables without saying whose it is, is not read, and does
/// not survive a change of version. It stays in the network namespace of the thread that made it.
/// </summary>
public sealed class NftDriver : IDriver, IDisposable
{
    private readonly NftSocket _socket = new();
    private readonly NftReader _reader;
    private readonly CutConnections _cut;

    /// <summary>Opens a socket in the network namespace of this thread.</summary>
    /// <exception cref="NetlinkException">The kernel gives none.</exception>
    public NftDriver()
    {
        _reader = new(_socket);
        _cut = new(_reader);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.NftTable, ResourceKind.NftElement];

    /// <summary>
    /// The ruleset's generation when the plan was made; the next transaction fails when it is another. It goes on to the generation that this
    /// driver's own transactions leave. Null does not ask.
    /// </summary>
    public uint? ExpectedGeneration { get; set; }

    /// <summary>The ruleset's generation: every change of it by anyone gives a new one.</summary>
    /// <exception cref="NetlinkException">nf_tables is not there.</exception>
    public uint Generation() => _socket.Generation();

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        if (scope.Keys is null) return All();
        var elements = _reader.Elements(scope.Keys.Where(k => k.Kind == ResourceKind.NftElement)).Where(e => e.Owner.Length > 0);
        return scope.Keys.Any(k => k.Kind == ResourceKind.NftTable) ? [.. _reader.Tables().Where(t => scope.Keys.Contains(t.Key)), .. elements] : [.. elements];
    }

    /// <summary>What elements have counted: those of Weft's sets and maps that count.</summary>
    public IReadOnlyList<(NftElementResource Element, ulong Packets, ulong Bytes)> Counters() =>
        [.. NftSchema.All.Where(s => s.Counter).SelectMany(_reader.Elements)];

    /// <summary>The named counters of Weft's tables, by name.</summary>
    public IEnumerable<NftCounter> NamedCounters() => _reader.NamedCounters();

    /// <summary>Taps whose frames were dropped by the port policy, with how many.</summary>
    public IReadOnlyDictionary<string, (ulong Packets, ulong Bytes)> Spoofers() => _reader.Spoofers();

    /// <summary>Addresses that machines have told of, where somebody else gives them: by port and MAC.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public ILookup<(string Port, string Mac), System.Net.IPAddress> Seen() => _reader.Seen();

    /// <inheritdoc/>
    /// <exception cref="RulesetChangedException">The generation is not the expected one; nothing was changed.</exception>
    public void Apply(IReadOnlyList<Step> steps)
    {
        Carry(steps);
        _cut.Note(steps);
    }

    /// <inheritdoc/>
    public void Finish() => _cut.Cut();

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Carry(IReadOnlyList<Step> steps)
    {
        var changes = new NftChanges(steps);
        var transaction = new NftTransaction();
        if (changes.Tables.Count > 0) transaction.Tables.AddRange(new NftLoader(_reader, _socket, Load).Carry(changes));
        foreach (var s in changes.Elements.Values) transaction.Add((NftElementResource?)s.Before, (NftElementResource?)s.After);
        if (transaction.IsEmpty || TryCommit(transaction)) return;
        transaction = Exact(changes, transaction.Tables);
        if (!transaction.IsEmpty) Commit(transaction, oneByOne: true);
    }

    // What somebody takes away after it was listed is asked for in vain: then the list is of yesterday, and the kernel has refused nothing.
    private List<Resource> All()
    {
        while (true)
        {
            var generation = Generation();
            try
            {
                var tables = _reader.Tables().ToList();
                return [.. tables, .. tables.SelectMany(_reader.Elements).Select(e => e.Element)];
            }
            catch (IOException) when (Generation() != generation)
            {
            }
        }
    }

    // A step that was done before the last crash finds what it makes, or misses what it takes: only then it is worth looking first.
    private bool TryCommit(NftTransaction transaction)
    {
        try
        {
            Commit(transaction, oneByOne: false);
            return true;
        }
        catch (NetlinkException e) when (e.Errno is Errno.EEXIST or Errno.ENOENT or Errno.EBUSY)
        {
            return false;
        }
    }

    private NftTransaction Exact(NftChanges changes, List<NftTableResource> tables)
    {
        var there = _reader.Elements(changes.Elements.Keys).ToDictionary(e => e.Key);
        var transaction = new NftTransaction();
        transaction.Tables.AddRange(tables);
        foreach (var (key, step) in changes.Elements)
            if (there.GetValueOrDefault(key) is var now && !Equals(now, step.After)) transaction.Add(now, (NftElementResource?)step.After);
        return transaction;
    }

    private void Commit(NftTransaction transaction, bool oneByOne)
    {
        try
        {
            _socket.Commit(transaction.Batch(ExpectedGeneration, oneByOne));
        }
        catch (NetlinkException e) when (e.Errno == Errno.ERESTART && ExpectedGeneration is { } expected)
        {
            throw new RulesetChangedException(expected, e);
        }
        Advance();
    }

    // libnftables names the generation that it finds when it begins; the time until then is ours to look at.
    private void Load(string inPlace, string anew)
    {
        if (ExpectedGeneration is { } expected && Generation() != expected) throw new RulesetChangedException(expected);
        try
        {
            NftText.Apply(inPlace);
        }
        catch (IOException) when (inPlace != anew) // the versions are too different; what else is wrong, the second text meets as well
        {
            NftText.Apply(anew);
        }
        Advance();
    }

    // The kernel counts transactions by one and leaves out 0.
    private void Advance()
    {
        if (ExpectedGeneration is { } g) ExpectedGeneration = g == uint.MaxValue ? 1 : g + 1;
    }
}
