using System.Globalization;
using Weft.Core.Ipam;
using Weft.Core.Resources;
using Weft.Linux.Nft;

namespace Weft.Engine.Drivers.Nft;

/// <summary>
/// What a table's chains look like from outside: how many rules each has, and whether it drops what no rule decides. The kernel does not give back the text
/// that was loaded; but "nft flush", a rule put in or taken out by hand, a chain that is gone or came, show here.
/// </summary>
internal static class NftShape
{
    /// <summary>The shape that a text declares. A rule is a line of its own in Weft's texts.</summary>
    public static string Of(string text)
    {
        var (chains, name) = (new Dictionary<string, (int Rules, bool Drop)>(), "");
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith("chain ", StringComparison.Ordinal)) chains[name = line.Split(' ')[1]] = default;
            else if (line == "}") name = "";
            else if (name.Length > 0 && line.StartsWith("type ", StringComparison.Ordinal)) chains[name] = (0, line.Contains("policy drop", StringComparison.Ordinal));
            else if (name.Length > 0 && line.Length > 0) chains[name] = (chains[name].Rules + 1, chains[name].Drop);
        }
        return Join(chains.Select(c => (c.Key, c.Value.Rules, c.Value.Drop)));
    }

    /// <summary>The shape that a table has.</summary>
    public static string Of(NftSocket socket, NftTable table)
    {
        var rules = socket.RuleChains(table.Family, table.Name).CountBy(c => c).ToDictionary();
        return Join(socket.Chains().Where(c => c.Family == table.Family && c.Table == table.Name).Select(c => (c.Name, rules.GetValueOrDefault(c.Name), c.DropPolicy)));
    }

    /// <summary>What stands for the version of a table that has this shape and ought to have another: it is like no version's hash.</summary>
    public static string Hash(string version, string shape) => StableHash.Of($"{version}\n{shape}").ToString("x16", CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<(string Name, int Rules, bool Drop)> chains)
    {
        var lines = new List<string>();
        foreach (var c in chains) lines.Add($"{c.Name} {c.Rules}{(c.Drop ? " drop" : "")}");
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }
}
