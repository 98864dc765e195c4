using System.Text;
using Weft.Core.Model;
using Weft.Core.Resources;

namespace Weft.Core.Policy;

/// <summary>Writes sets and elements as nft reads them.</summary>
public static class NftElementText
{
    /// <summary>The declaration of a set or map inside its table.</summary>
    public static string Declare(NftSetSchema s)
    {
        var text = new StringBuilder($"\t{(s.DataTypes.IsEmpty ? "set" : "map")} {s.Set} {{ {KeyType(s)}");
        if (!s.DataTypes.IsEmpty) text.Append($" : {(s.DataInterval ? $"interval {s.DataTypes[0]}" : string.Join(" . ", s.DataTypes))}");
        if (s.Interval) text.Append("; flags interval");
        if (s.Counter) text.Append("; counter");
        return text.Append("; }\n").ToString();
    }

    // A raw payload has no type's name: such a set is declared by expressions of the same types.
    private static string KeyType(NftSetSchema s) => s.KeyTypes.Contains(NftSetSchema.NdTarget)
        ? $"typeof {string.Join(" . ", s.KeyTypes.Select(t => t switch { "ifname" => "iifname", "ether_addr" => "ether saddr", _ => "@th,64,128" }))}"
        : $"type {string.Join(" . ", s.KeyTypes)}";

    /// <summary>The command that adds the element: "add element inet weft nets { "wb-dev" comment "lab/dev" }".</summary>
    public static string Add(NftElementResource e) => $"add element {e.Table} {e.Set} {{ {Key(e)} comment \"{e.Owner}/{e.Network}\"{Data(e)} }}";

    /// <summary>The command that takes the element out.</summary>
    public static string Delete(NftElementResource e) => $"delete element {e.Table} {e.Set} {{ {Key(e)} }}";

    /// <summary>The command that writes a table's hash into it; see <see cref="NftTableResource.VersionSet"/>.</summary>
    public static string AddVersion(NftTableResource t) => $"add element {t.Family} {t.Name} {NftTableResource.VersionSet} {{ 0 comment \"{t.Hash}\" }}\n";

    /// <summary>A network as the kernel gives it back: a single address has no length.</summary>
    public static string Prefix(IpPrefix p) => p.Length == p.Bits ? p.Address.ToString() : p.Network.ToString();

    /// <summary>Commands that add all the elements, one a set, so that nft reads them fast.</summary>
    /// <param name="elements">Elements with what they have counted so far.</param>
    public static string AddAll(IEnumerable<(NftElementResource Element, ulong Packets, ulong Bytes)> elements)
    {
        var text = new StringBuilder();
        foreach (var set in elements.GroupBy(e => (e.Element.Table, e.Element.Set)))
        {
            text.Append($"add element {set.Key.Table} {set.Key.Set} {{");
            foreach (var (e, packets, bytes) in set)
                text.Append($" {Key(e)}{(packets > 0 ? $" counter packets {packets} bytes {bytes}" : "")} comment \"{e.Owner}/{e.Network}\"{Data(e)},");
            text.Length--;
            text.Append(" }\n");
        }
        return text.ToString();
    }

    private static string Key(NftElementResource e)
    {
        var types = NftSchema.Of(e.Table, e.Set).KeyTypes;
        return string.Join(" . ", e.Fields.Select((f, i) => Field(types[i], f)));
    }

    private static string Field(string type, string field) => type switch
    {
        "ifname" => $"\"{field}\"",
        NftSetSchema.NdTarget => Integer(IpPrefix.Parse(field)),
        _ => field,
    };

    private static string Integer(IpPrefix p) => p.Length == p.Bits ? $"0x{p.First:x32}" : $"0x{p.First:x32}-0x{p.Last:x32}";

    private static string Data(NftElementResource e) =>
        e.Data.IsEmpty ? "" : $" : {string.Join(NftSchema.Of(e.Table, e.Set).DataInterval ? "-" : " . ", e.Data)}";
}
