using System.Text;
using Weft.Core.Policy;
using Weft.Core.Resources;
using Weft.Linux.Nft;

namespace Weft.Engine.Drivers.Nft;

/// <summary>Makes and replaces whole tables.</summary>
/// <param name="reader">What is there.</param>
/// <param name="socket">What is there, Weft's or not.</param>
/// <param name="load">Applies the first of two texts, or if nft refuses it the second.</param>
internal sealed class NftLoader(NftReader reader, NftSocket socket, Action<string, string> load)
{
    /// <summary>
    /// Loads the tables that are new or of another version in one transaction. A new one is empty, as its elements go faster by netlink and no
    /// packet was held to it before. One of another version gets its elements at once, and they are taken out of the changes.
    /// </summary>
    /// <returns>Tables that shall go.</returns>
    /// <exception cref="IOException">A table of that name is somebody else's, or nft refused the text.</exception>
    public List<NftTableResource> Carry(NftChanges changes)
    {
        var there = reader.Tables().ToDictionary(t => t.Key);
        var (kept, anew, gone) = (new StringBuilder(), new StringBuilder(), new List<NftTableResource>());
        foreach (var (key, step) in changes.Tables)
        {
            var now = there.GetValueOrDefault(key);
            if (step.After is null && now is not null) gone.Add(now);
            if (step.After is not NftTableResource after || after.Hash == now?.Hash) continue;
            var replacement = now is null ? null : new NftReplacement(now, after, [.. reader.Elements(now)], changes.TakeOf(after));
            kept.Append(replacement?.InPlace() ?? New(after));
            anew.Append(replacement?.Anew() ?? New(after));
        }
        if (kept.Length > 0) load(kept.ToString(), anew.ToString());
        foreach (var table in gone) changes.TakeOf(table);
        return gone;
    }

    private string New(NftTableResource table)
    {
        if (socket.Tables().Any(t => t.Family == table.Family && t.Name == table.Name))
            throw new IOException($"make nftables table {table.Family} {table.Name}: there is one that Weft did not make (it does not hold Weft's hash); rename or delete it");
        return table.Text + NftElementText.AddVersion(table);
    }
}
