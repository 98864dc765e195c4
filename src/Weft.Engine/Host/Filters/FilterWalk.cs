using System.Globalization;
using System.Text.Json;

namespace Weft.Engine.Host.Filters;

/// <summary>What becomes of a packet.</summary>
internal enum Fate
{
    /// <summary>No rule decides it: the next one, the chain that jumped here, or the policy does.</summary>
    Undecided,
    /// <summary>It leaves this base chain for the next one.</summary>
    Passes,
    /// <summary>It is dropped or rejected.</summary>
    Ends,
}

/// <summary>
/// Follows a packet of which only some is known through the chains of a table, as libnftables lists them in JSON (libnftables-json(5)). A rule that asks for what is
/// not known decides nothing, so that only what surely passes passes; but it may return from its chain, as those do that look whether an address is the host's.
/// </summary>
internal sealed class FilterWalk
{
    // Deeper than the kernel lets chains jump (NFT_JUMP_STACK_SIZE, 16).
    private const int Deepest = 20;

    private readonly Dictionary<string, List<JsonElement[]>> _chains = new(StringComparer.Ordinal);

    /// <summary>Takes the rules.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public FilterWalk(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var rule in Items(Member(document.RootElement.Clone(), "nftables")).Select(o => Member(o, "rule")).Where(r => Text(Member(r, "chain")) is not null))
        {
            var chain = Text(Member(rule, "chain"))!;
            if (!_chains.TryGetValue(chain, out var rules)) _chains[chain] = rules = [];
            rules.Add(Items(Member(rule, "expr")));
        }
        Links = [.. _chains.Values.SelectMany(c => c).SelectMany(r => r).SelectMany(Named).Distinct()];
    }

    /// <summary>Names of links, and beginnings of names with * after them, that rules ask for.</summary>
    public IReadOnlyList<string> Links { get; }

    /// <summary>What the rules of a chain make of a packet.</summary>
    /// <param name="chain">Its name.</param>
    /// <param name="packet">What is known of it: iifname, oifname, state, status, l4proto, dport.</param>
    public Fate Of(string chain, IReadOnlyDictionary<string, string> packet) => Of(chain, packet, 0);

    private Fate Of(string chain, IReadOnlyDictionary<string, string> packet, int depth)
    {
        if (depth > Deepest || !_chains.TryGetValue(chain, out var rules)) return Fate.Undecided;
        foreach (var rule in rules)
            if (Rule(rule, packet, depth) is { } fate) return fate;
        return Fate.Undecided;
    }

    // Null goes on to the next rule; undecided leaves the chain.
    private Fate? Rule(JsonElement[] rule, IReadOnlyDictionary<string, string> packet, int depth)
    {
        bool? applies = true;
        foreach (var statement in rule)
            switch (Word(statement, packet))
            {
                case ("match", var match):
                    applies = Both(applies, Matches(match, packet));
                    if (applies is false) return null;
                    break;
                case ("limit" or "xt" or "queue", _): applies = null; break;
                case ("return", _): return Fate.Undecided;
                case ("accept", _) when applies is true: return Fate.Passes;
                case ("drop" or "reject", _) when applies is true: return Fate.Ends;
                case ("goto", var target) when applies is true: return Of(Text(Member(target, "target")) ?? "", packet, depth + 1);
                case ("jump", var target) when applies is true && Of(Text(Member(target, "target")) ?? "", packet, depth + 1) is var there and not Fate.Undecided: return there;
            }
        return null;
    }

    private static (string Word, JsonElement Value) Word(JsonElement statement, IReadOnlyDictionary<string, string> packet) =>
        First(statement) is ("vmap", var vmap) ? Looked(vmap, packet) : First(statement);

    private static (string Word, JsonElement Value) First(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(p => (p.Name, p.Value)).FirstOrDefault(("", default)) : ("", default);

    private static bool? Both(bool? a, bool? b) => a is false || b is false ? false : a is null || b is null ? null : true;

    private static bool? Matches(JsonElement match, IReadOnlyDictionary<string, string> packet)
    {
        if (Known(Member(match, "left"), packet) is not { } value) return null;
        if (Within(Member(match, "right"), value) is not { } within) return null;
        return Text(Member(match, "op")) switch { "==" or "in" or "&" => within, "!=" => !within, _ => null };
    }

    private static (string Word, JsonElement Value) Looked(JsonElement vmap, IReadOnlyDictionary<string, string> packet)
    {
        if (Known(Member(vmap, "key"), packet) is not { } value) return ("", default);
        foreach (var pair in Items(Member(Member(vmap, "data"), "set")).Select(Items))
            if (pair.Length == 2 && Within(pair[0], value) is true) return First(pair[1]);
        return ("", default);
    }

    private static string? Known(JsonElement left, IReadOnlyDictionary<string, string> packet) =>
        packet.GetValueOrDefault(Text(Member(Member(left, "meta"), "key")) ?? Text(Member(Member(left, "ct"), "key")) ?? (Text(Member(Member(left, "payload"), "protocol")) is { } protocol
            && (protocol == "th" || protocol == packet.GetValueOrDefault("l4proto")) ? Text(Member(Member(left, "payload"), "field")) ?? "" : ""));

    // Null where that is not to be told: a set with a name, an expression.
    private static bool? Within(JsonElement right, string value)
    {
        if (Text(right) is { } text) return text.StartsWith('@') ? null : text == value || (text.EndsWith('*') && value.StartsWith(text[..^1], StringComparison.Ordinal));
        if (right.ValueKind == JsonValueKind.Array) return Items(right).Aggregate((bool?)false, (all, one) => all is true ? true : Within(one, value) is var w && w is true ? true : all is null ? null : w);
        if (Member(right, "set") is { ValueKind: JsonValueKind.Array } set) return Within(set, value);
        return Items(Member(right, "range")).Select(Text).ToArray() is [{ } low, { } high] && Number(low) is { } from && Number(high) is { } to && Number(value) is { } n ? n >= from && n <= to : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;

    private static IEnumerable<string> Named(JsonElement statement)
    {
        var (match, vmap) = (Member(statement, "match"), Member(statement, "vmap"));
        if (Text(Member(Member(Member(match, "left"), "meta"), "key")) is "iifname" or "oifname") return Texts(Member(match, "right"));
        return Text(Member(Member(Member(vmap, "key"), "meta"), "key")) is "iifname" or "oifname" ? Items(Member(Member(vmap, "data"), "set")).SelectMany(p => Items(p).Take(1)).SelectMany(Texts) : [];
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind == JsonValueKind.Array ? Items(value).SelectMany(Texts) : Items(Member(value, "set")).SelectMany(Texts);

    private static JsonElement Member(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;

    private static JsonElement[] Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private static string? Text(JsonElement value) => value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null };
}
