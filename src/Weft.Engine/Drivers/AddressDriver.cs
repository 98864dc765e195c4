using System.Net;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>Addresses of the host: on bridges of Weft's, and floating ones on NICs. Those that others made are never touched.</summary>
/// <param name="route">A socket in the target network namespace.</param>
/// <param name="kernel">The kernel's version; null for that of this host.</param>
/// <param name="networks">Networks whose bridge may be gone while their addresses on links of others are not; null for none.</param>
public sealed class AddressDriver(RouteSocket route, Version? kernel = null, Func<IEnumerable<LinkTag>>? networks = null) : IDriver
{
    private readonly Version _kernel = kernel ?? Environment.OSVersion.Version;

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.Address];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        var links = scope.Links(route);
        var mark = new AddressMark(links, _kernel, networks);
        if (scope.Names(ResourceKind.Address) is not { } names) return [.. route.Addresses().Select(a => Read(a, links, mark)).OfType<Resource>()];
        var there = There(names.Select(LinkOf), links);
        return [.. there.SelectMany(a => a).Select(a => Read(a, links, mark)).OfType<Resource>().Where(r => names.Contains(r.Key.Name))];
    }

    /// <inheritdoc/>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var run in OwnLinks.EachNameOnce(steps))
        {
            var (links, changes) = (new LinkTable(route), new LinkChanges(route));
            var mark = new AddressMark(links, _kernel, networks);
            var there = There(run.Select(s => LinkOf(s.Key.Name)), links);
            foreach (var step in run)
            {
                if (step.After is AddressResource wanted) Make(step, wanted, links, mark, there, changes);
                else Delete((AddressResource)step.Before!, links, mark, there, changes);
            }
            changes.Execute();
        }
    }

    private static void Make(Step step, AddressResource r, LinkTable links, AddressMark mark, ILookup<int, AddressInfo> there, LinkChanges changes)
    {
        var operation = $"add address {r.Address} of {r.Link}";
        if (links.Find(r.Link) is null && r.IsForeign) return;
        var link = links.Find(r.Link) ?? throw new DriverException(operation, $"there is no link {r.Link}", "apply the project again: it was deleted meanwhile");
        var wanted = mark.Of(r, link);
        changes.Batch.Know(link.Index, link.Name);
        if (Same(there[link.Index], r.Address) is not { } found)
        {
            if (r.IsForeign) return; // its owner's to make
            changes.Batch.NewAddress(wanted);
            return;
        }
        if (!mark.IsOf(found, r) && !(step.Before is { } before && mark.IsOf(found, before)) && !(IsPassing(step) && mark.OwnerOf(found) is null or { Owner: Resource.Shared })) throw Taken(operation, found, mark.OwnerOf(found));
        if (found.PrefixLength != wanted.PrefixLength) throw Taken(operation, found, mark.OwnerOf(found));
        if (found.Metric != wanted.Metric || found.Protocol != wanted.Protocol) changes.Batch.ReplaceAddress(wanted);
    }

    private static void Delete(AddressResource r, LinkTable links, AddressMark mark, ILookup<int, AddressInfo> there, LinkChanges changes)
    {
        if (links.Find(r.Link) is not { } link || Same(there[link.Index], r.Address) is not { } found || !mark.IsOf(found, r)) return;
        changes.Batch.Know(link.Index, link.Name);
        changes.Remove(b => b.DelAddress(found));
    }

    // It changes hands; the tag of its link may have done so before.
    private static bool IsPassing(Step step) => step is { Before.IsForeign: true } or { After.IsForeign: true };

    private static DriverException Taken(string operation, AddressInfo found, LinkTag? owner) => owner is null
        ? new(operation, $"the link has {found}, which is not Weft's", "take it away, or choose another address")
        : new(operation, $"the link has {found} for network {owner.Network} of project {owner.Owner}", "choose another address");

    // IPv4 tells addresses of a link apart with their prefix length; IPv6 does not.
    private static AddressInfo? Same(IEnumerable<AddressInfo> there, IpPrefix wanted) =>
        there.FirstOrDefault(a => a.Address.Equals(wanted.Address) && a.Peer is null && (!wanted.IsV4 || a.PrefixLength == wanted.Length));

    private static AddressResource? Read(AddressInfo a, LinkTable links, AddressMark mark) =>
        mark.OwnerOf(a) is { } owner && links.Find(a.LinkIndex) is { } link
            ? new AddressResource(owner.Owner, owner.Network, link.Name, new IpPrefix(new IPAddress(a.Address.GetAddressBytes()), a.PrefixLength))
            : null;

    private ILookup<int, AddressInfo> There(IEnumerable<string> linkNames, LinkTable links)
    {
        var names = linkNames.Distinct().ToList();
        links.Want(names.Count);
        if (names.Count > LinkTable.Few) return route.Addresses().ToLookup(a => a.LinkIndex);
        return names.Select(n => links.Find(n)).OfType<LinkInfo>().SelectMany(l => route.Addresses(l.Index)).ToLookup(a => a.LinkIndex);
    }

    private static string LinkOf(string key) => key[..key.IndexOf(' ', StringComparison.Ordinal)];
}
