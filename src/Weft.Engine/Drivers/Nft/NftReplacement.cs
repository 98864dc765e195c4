using System.Text.RegularExpressions;
using Weft.Core.Policy;
using Weft.Core.Resources;

namespace Weft.Engine.Drivers.Nft;

/// <summary>The two ways from one version of a table to another, with steps on its elements.</summary>
/// <param name="now">The version that is there.</param>
/// <param name="after">The version that shall be.</param>
/// <param name="elements">Elements that are there.</param>
/// <param name="steps">What shall become of some of them, and of others.</param>
internal sealed partial class NftReplacement(NftTableResource now, NftTableResource after, IReadOnlyList<(NftElementResource Element, ulong Packets, ulong Bytes)> elements, IReadOnlyList<Step> steps)
{
    private readonly string _table = $"{now.Family} {now.Name}";
    private readonly Dictionary<ResourceKey, (NftElementResource Element, ulong Packets, ulong Bytes)> _there = elements.ToDictionary(e => e.Element.Key);

    /// <summary>
    /// Only rules change: the hooks stay, and sets with what packets have put in them. A packet meets the old rules or the new ones. nft refuses it
    /// where the versions declare a set or a base chain in different ways.
    /// </summary>
    public string InPlace()
    {
        var (old, wanted) = (Names(now.Text), Names(after.Text));
        var gone = old.Except(wanted).ToList();
        var (deleted, added) = Elements();
        return string.Concat([
            .. old.Where(n => n.Kind == "chain").Select(n => $"flush chain {_table} {n.Name}\n"), $"flush set {_table} {NftTableResource.VersionSet}\n",
            after.Text, NftElementText.AddVersion(after), .. deleted.Select(e => NftElementText.Delete(e) + "\n"), NftElementText.AddAll(added.Select(e => (e, 0UL, 0UL))),
            .. gone.OrderBy(n => n.Kind == "chain" ? 0 : 1).Select(n => $"delete {n.Kind} {_table} {n.Name}\n")]);
    }

    /// <summary>
    /// The table is made anew with every element that stays and what it has counted. The hooks change one after the other, so that a packet that is
    /// between the two may meet neither.
    /// </summary>
    public string Anew()
    {
        var stay = new Dictionary<ResourceKey, (NftElementResource Element, ulong Packets, ulong Bytes)>(_there);
        var (deleted, added) = Elements();
        foreach (var e in deleted) stay.Remove(e.Key);
        foreach (var e in added) stay[e.Key] = (e, 0, 0);
        return $"delete table {_table}\n{after.Text}{NftElementText.AddVersion(after)}{NftElementText.AddAll(stay.Values)}";
    }

    private (List<NftElementResource> Deleted, List<NftElementResource> Added) Elements()
    {
        var (deleted, added) = (new List<NftElementResource>(), new List<NftElementResource>());
        foreach (var step in steps)
        {
            var before = _there.GetValueOrDefault(step.Key).Element;
            if (Equals(before, step.After)) continue;
            if (before is not null) deleted.Add(before);
            if (step.After is NftElementResource e) added.Add(e);
        }
        return (deleted, added);
    }

    private static List<(string Kind, string Name)> Names(string text) => [.. Declaration().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    [GeneratedRegex(@"^\s*(chain|set|map|counter) (\S+) \{", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();
}
