using System.Collections.Immutable;
using Weft.Linux.Libc;
using Weft.Linux.Netlink;

namespace Weft.Engine.Host.Uplink;

/// <summary>
/// Moves what is on one link to another, in the order in which nothing is lost: everything is on both links before it leaves the first, and
/// what is there already is left alone, so that doing it again completes what was broken off.
/// </summary>
internal sealed class Relocation(RouteTalk talk, LinkState from, LinkState to)
{
    private const ushort Create = Nlm.F_CREATE, Excl = Nlm.F_EXCL, Replace = Nlm.F_REPLACE, Append = Nlm.F_APPEND;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private HashSet<string> _kernelMade = [];

    private End From => new(from.Index, from.Name);

    private End To => new(to.Index, to.Name);

    /// <summary>Addresses and neighbours are on both links afterwards; routes still lead where they led.</summary>
    internal void AddAddresses(Belongings want)
    {
        var there = talk.Addresses(to.Index).Select(Retarget.AddressKey).ToHashSet();
        var missing = want.Addresses.Where(a => !there.Contains(Retarget.AddressKey(a))).ToList();
        var batch = new Batch();
        // Duplicate address detection would keep an IPv6 address from use for a second, while its only holder is this host.
        // The kernel puts a new IPv6 address before the others of its scope, a new IPv4 address behind them.
        missing = [.. missing.Where(a => !a.IsV6), .. missing.Where(a => a.IsV6).Reverse()];
        _kernelMade = KernelRoutes();
        foreach (var a in missing) batch.New(a.IsV6 ? WithFlags(a, Ifa.F_NODAD) : a, Create | Excl, to.Name);
        talk.Execute(batch, Errno.EEXIST);
        AddNeighbours(want);
        ClearNoDad([.. missing.Where(a => a.IsV6)]);
    }

    /// <summary>Routes, rules and nexthop objects lead over the other link afterwards.</summary>
    internal void MoveRoutes(Belongings want)
    {
        var nexthops = new Batch();
        foreach (var n in want.Nexthops) nexthops.New(n, Replace | Create, to.Name);
        talk.Execute(nexthops);
        SwitchRoutes(want.Routes);
        MoveRules();
    }

    /// <summary>The first link keeps nothing of what moved.</summary>
    /// <param name="gone">What is to leave it, as read.</param>
    /// <param name="want">What is to be on the other link.</param>
    internal void Leave(Belongings gone, Belongings want)
    {
        var batch = new Batch();
        // Secondary addresses first: the kernel drops them, or promotes one, when the primary goes.
        foreach (var a in gone.Addresses.Reverse()) batch.Delete(Retarget.Request(a, From).Without(Ifa.CACHEINFO), from.Name);
        foreach (var p in gone.Proxies) batch.Delete(Retarget.Request(p, From), from.Name);
        talk.Execute(batch, Errno.EADDRNOTAVAIL, Errno.ENOENT);
        var routes = gone.Routes.Select(r => Retarget.RouteKey(Retarget.Request(r, From))).ToHashSet();
        RemoveRoutes(from, r => routes.Contains(r));
        // A prefix route that the kernel made for an added address, where the first link had none (the administrator replaced it).
        var made = KernelRoutes().Except(_kernelMade).Except(want.Routes.Select(Retarget.RouteKey)).ToHashSet();
        RemoveRoutes(to, made.Contains);
        SwitchRoutes(want.Routes); // what the kernel dropped along with the last address
        AddNeighbours(want);
    }

    private HashSet<string> KernelRoutes() => [.. Belongings.Read(talk, to).Routes.Where(r => r.Header[5] == Rta.PROTO_KERNEL)
        .Select(r => Retarget.RouteKey(Retarget.Request(r, To)))];

    private void AddNeighbours(Belongings want)
    {
        var batch = new Batch();
        foreach (var n in want.Neighbours) batch.New(n, Create | Excl, to.Name);
        foreach (var p in want.Proxies) batch.New(p, Create, to.Name);
        talk.Execute(batch, Errno.EEXIST);
    }

    /// <summary>The addresses work now (their local routes are in); afterwards they carry the flags that they had.</summary>
    private void ClearNoDad(List<RtObject> added)
    {
        if (added.Count == 0) return;
        var wanted = added.Select(a => Convert.ToHexString(a.Find(Ifa.LOCAL) ?? a.Find(Ifa.ADDRESS)!)).ToHashSet();
        SpinWait.SpinUntil(() => wanted.IsSubsetOf(LocalAddresses()), _patience);
        var batch = new Batch();
        foreach (var a in added.Where(a => (a.U32(Ifa.FLAGS) & Ifa.F_NODAD) == 0)) batch.New(a, Replace, to.Name);
        talk.Execute(batch);
    }

    private HashSet<string> LocalAddresses() =>
        [.. talk.Routes(to.Index).Where(r => r.IsV6 && r.Table == Rta.TABLE_LOCAL && r.Header[1] == 128).Select(r => Convert.ToHexString(r.Find(Rta.DST)!))];

    private static RtObject WithFlags(RtObject a, uint flags)
    {
        var all = a.U32(Ifa.FLAGS) | flags;
        return a.With(Ifa.FLAGS, all).WithHeader(h => h[2] = (byte)all);
    }

    private void SwitchRoutes(ImmutableArray<RtObject> want)
    {
        var all = talk.AllRoutes(2);
        var there = talk.Routes(to.Index).Select(r => Retarget.RouteKey(Retarget.Request(r, To))).ToHashSet();
        var batch = new Batch();
        foreach (var r in Ordered(want).Where(r => !there.Contains(Retarget.RouteKey(r))))
            batch.New(r, (ushort)(Create | (InPlace(r, all) ? Replace : Append)), to.Name);
        talk.Execute(batch, Errno.EEXIST);
    }

    /// <summary>
    /// True when NLM_F_REPLACE would exchange this very route: the first IPv4 route of its place is the one on the first link. IPv6 keeps routes over two
    /// links side by side, so the new one is added before the old one is removed.
    /// </summary>
    private bool InPlace(RtObject route, List<RtObject> all)
    {
        if (route.IsV6) return false;
        var place = Retarget.RoutePlace(route);
        return all.FirstOrDefault(r => Retarget.RoutePlace(r) == place) is { } first
            && Retarget.RouteKey(Retarget.To(first, From, To)) == Retarget.RouteKey(route);
    }

    /// <summary>Routes to neighbours before routes through them.</summary>
    private static IEnumerable<RtObject> Ordered(ImmutableArray<RtObject> routes) =>
        routes.OrderBy(r => r.Find(Rta.GATEWAY) is null && r.Find(Rta.VIA) is null && r.Find(Rta.MULTIPATH) is null ? 0 : 1);

    private void RemoveRoutes(LinkState link, Func<string, bool> which)
    {
        var batch = new Batch();
        foreach (var r in Belongings.Read(talk, link).Routes)
            if (Retarget.Request(r, new(link.Index, link.Name)) is var request && which(Retarget.RouteKey(request)))
                batch.Delete(request.Without(Rta.EXPIRES), link.Name);
        talk.Execute(batch, Errno.ESRCH);
    }

    /// <summary>
    /// Rules that name the first link name the other. Rules of one priority are asked in their order, and a new one comes last: so all rules of
    /// a priority where one changes are added in order and the earlier ones removed.
    /// </summary>
    private void MoveRules()
    {
        var batch = new Batch();
        foreach (var group in talk.Rules().Select(r => Retarget.To(r, From, From)).GroupBy(r => (r.Family, r.U32(Fra.PRIORITY))))
        {
            var now = group.ToList();
            var want = now.Select(r => Retarget.To(r, From, To)).DistinctBy(r => r.Identity).ToList();
            if (now.Select(r => r.Identity).SequenceEqual(want.Select(r => r.Identity))) continue;
            foreach (var r in want) batch.New(r, Create, to.Name);
            foreach (var r in now) batch.Delete(r, from.Name);
        }
        talk.Execute(batch);
    }
}
