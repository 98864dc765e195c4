using Weft.Linux.Libc;
using Weft.Linux.Netlink;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>
/// The messages of one batch of steps, sent at once. It knows which of them may be refused because what they take away is gone already.
/// </summary>
internal sealed class LinkChanges(RouteSocket route)
{
    private readonly HashSet<int> _removals = [];
    private readonly List<LinkInfo> _doomed = [];

    /// <summary>What is to be done.</summary>
    public RouteBatch Batch { get; } = new();

    /// <summary>Adds messages that succeed also when what they remove is not there.</summary>
    public void Remove(Action<RouteBatch> messages)
    {
        var from = Batch.Count;
        messages(Batch);
        for (var i = from; i < Batch.Count; i++) _removals.Add(i);
    }

    /// <summary>Deletes a link at the end of the batch, together with the others to be deleted.</summary>
    public void Delete(LinkInfo link) => _doomed.Add(link);

    /// <summary>Sends everything and waits until it is done.</summary>
    /// <exception cref="NetlinkException">The first message that was refused; others were carried out.</exception>
    public void Execute()
    {
        if (_doomed.Count > 0) Remove(DeleteLinks);
        _doomed.Clear();
        if (Batch.Count == 0) return;
        var refused = route.TryExecute(Batch, oneSend: true).FirstOrDefault(e => !(_removals.Contains(e.Index) && IsGone(e.Errno)));
        Batch.Clear();
        _removals.Clear();
        if (refused is not null) throw refused;
    }

    // Each deletion waits for all CPUs to have forgotten the link, some 20 ms; those of a group wait together. The number is one that nobody
    // else uses: drawn anew from the upper half, where people and distributions have no groups.
    private void DeleteLinks(RouteBatch batch)
    {
        if (_doomed is [var one])
        {
            batch.DelLink(one);
            return;
        }
        var group = (uint)Random.Shared.Next(1 << 30, int.MaxValue);
        foreach (var link in _doomed) batch.SetLink(link, new LinkSettings { Group = group });
        batch.DelGroup(group);
    }

    private static bool IsGone(int errno) => errno is Errno.ENODEV or Errno.ENOENT or Errno.ESRCH or Errno.EADDRNOTAVAIL;
}
