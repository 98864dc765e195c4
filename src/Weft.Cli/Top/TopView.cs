using System.Collections.Immutable;
using Weft.Cli.Rendering;
using Weft.Engine.Metrics;

namespace Weft.Cli.Top;

/// <summary>By what top sorts.</summary>
internal enum TopOrder
{
    Rate,
    Packets,
    Drops,
    Name,
}

/// <summary>What top shows, and the lines of it. It neither reads nor writes.</summary>
internal sealed record TopView
{
    /// <summary>Width of a line; it leaves the last column of a small terminal free.</summary>
    private const int Width = 79;
    private const int HeadLines = 2; // title and names of columns

    internal bool Networks { get; init; }
    internal TopOrder Order { get; init; }
    internal int First { get; init; }

    /// <summary>The view after a key; null when it asks to end.</summary>
    /// <param name="key">The key.</param>
    /// <param name="page">Lines that a page key moves.</param>
    internal TopView? After(ConsoleKeyInfo key, int page) => key switch
    {
        { KeyChar: 'q' } or { Key: ConsoleKey.Escape } => null,
        { KeyChar: 's' } => this with { Order = (TopOrder)(((int)Order + 1) % Enum.GetValues<TopOrder>().Length), First = 0 },
        { Key: ConsoleKey.LeftArrow or ConsoleKey.RightArrow or ConsoleKey.Tab } => this with { Networks = !Networks, First = 0 },
        { Key: ConsoleKey.DownArrow } => this with { First = First + 1 },
        { Key: ConsoleKey.UpArrow } => this with { First = Math.Max(0, First - 1) },
        { Key: ConsoleKey.PageDown } => this with { First = First + page },
        { Key: ConsoleKey.PageUp } => this with { First = Math.Max(0, First - page) },
        { Key: ConsoleKey.Home } => this with { First = 0 },
        _ => this,
    };

    /// <summary>The view so that it ends where the list ends.</summary>
    internal TopView Within(Rates rates, int height) => this with { First = Math.Clamp(First, 0, Math.Max(0, Rows(rates).Length - Room(height))) };

    /// <summary>What a terminal of that height shows.</summary>
    internal IEnumerable<string> Lines(Rates rates, DateTimeOffset at, int height, Paint paint)
    {
        var rows = Sorted(rates);
        yield return Title(rates, at, rows.Length, height, paint);
        foreach (var line in Table(rows.Skip(First).Take(Room(height)), paint)) yield return line;
    }

    /// <summary>The whole list as a table.</summary>
    internal IEnumerable<string> Table(IEnumerable<Rate> rows, Paint paint)
    {
        yield return paint.Bold($"{(Networks ? "bridge" : "machine"),-14} {"network",-17} {"state",-8} {"from",10} {"to",10} {"frames/s",8} {"drops/s",7}");
        foreach (var r in rows)
        {
            var drops = $"{Count(r.Drops),7}";
            yield return $"{Cut(Networks ? r.Link : r.Machine, 14),-14} {Cut($"{r.Project}/{r.Network}", 17),-17} {State(r.State, paint)} {Bits(r.Receive),10} {Bits(r.Transmit),10} {Count(r.Packets),8} {(r.Drops > 0 ? paint.Red(drops) : drops)}";
        }
    }

    /// <summary>The rows in their order.</summary>
    internal ImmutableArray<Rate> Sorted(Rates rates) => Order switch
    {
        TopOrder.Rate => [.. Rows(rates).OrderByDescending(r => r.Bits)], // stable: equal ones stay in the order of their names
        TopOrder.Packets => [.. Rows(rates).OrderByDescending(r => r.Packets)],
        TopOrder.Drops => [.. Rows(rates).OrderByDescending(r => r.Drops)],
        _ => Rows(rates),
    };

    private ImmutableArray<Rate> Rows(Rates rates) => Networks ? rates.Networks : rates.Ports;

    private static int Room(int height) => Math.Max(1, height - HeadLines);

    private string Title(Rates rates, DateTimeOffset at, int rows, int height, Paint paint)
    {
        var (from, to) = (rows == 0 ? 0 : First + 1, Math.Min(rows, First + Room(height)));
        return paint.Grey(Cut($"{at:HH:mm:ss} UTC  {(Networks ? "networks" : "ports")} {from}-{to} of {rows} by {Order.ToString().ToLowerInvariant()}  {Bits(rates.Ports.Sum(r => r.Bits))}  q quit  s sort  \u2190\u2192 other  \u2191\u2193", Width));
    }

    private static string State(string state, Paint paint) => $"{Cut(state, 8),-8}" is var text && state is "up" ? paint.Green(text) : state is "waiting" ? text : paint.Red(text);

    private static string Cut(string text, int width) => text.Length <= width ? text : $"{text.AsSpan(0, width - 1)}~";

    private static string Bits(double n)
    {
        string[] units = ["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s"];
        var i = 0;
        for (; n >= 999.95 && i < units.Length - 1; i++) n /= 1000;
        return $"{n:0.#} {units[i]}";
    }

    private static string Count(double n) => n >= 1e6 ? $"{n / 1e6:0.0}M" : n >= 1e4 ? $"{n / 1e3:0}k" : $"{n:0}";
}
