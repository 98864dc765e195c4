// Terminal output (standard input) as an SVG (standard output): dotnet run ansi-to-svg.cs -- "title" < typescript
// Knows what weft prints: text, line feeds, and SGR sequences (ECMA-48, 8.3.117).
using System.Globalization;
using System.Security;
using System.Text;

const double Advance = 8.4, LineHeight = 18, Margin = 16, Bar = 34; // pixels; a monospace glyph of 14 px is 0.6 em wide
var lines = Console.In.ReadToEnd().Replace("\r", "", StringComparison.Ordinal).TrimEnd().Split('\n');
var rows = lines.Select(Spans).ToList();
var width = Math.Ceiling(rows.Max(Length) * Advance + 2 * Margin);
var height = Bar + lines.Length * LineHeight + Margin;

var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{SecurityElement.Escape(args[0])}">
    <rect width="{width}" height="{height}" rx="8" fill="#14181f"/>
    <text x="{Margin}" y="22" font-family="sans-serif" font-size="12" fill="#7d8794">{SecurityElement.Escape(args[0])}</text>
    <g font-family="ui-monospace, 'DejaVu Sans Mono', 'Liberation Mono', Menlo, Consolas, monospace" font-size="14" fill="#d5dae1" xml:space="preserve">

    """));
for (var i = 0; i < rows.Count; i++)
{
    var column = 0;
    foreach (var (text, style) in rows[i])
    {
        // Every piece has its place and its length, so that columns stay columns whatever font is there.
        var (first, word) = (column + text.Length - text.TrimStart().Length, text.Trim());
        if (word.Length > 0)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Margin + first * Advance:0.#}\" y=\"{Bar + (i + 0.8) * LineHeight:0.#}\" textLength=\"{word.Length * Advance:0.#}\"{style}>{SecurityElement.Escape(word)}</text>\n");
        column += text.Length;
    }
}
Console.Out.Write(svg.Append("</g>\n</svg>\n"));

static int Length(List<(string Text, string Style)> row) => row.Sum(s => s.Text.Length);

static List<(string Text, string Style)> Spans(string line)
{
    var (spans, style, at) = (new List<(string, string)>(), new Style("", false), 0);
    while (at < line.Length)
    {
        var escape = line.IndexOf('\u001b', at);
        if (escape < 0) escape = line.Length;
        if (escape > at) spans.Add((line[at..escape], style.Attributes));
        if (escape == line.Length) break;
        if (line[escape + 1] != '[') // .NET sets the keypad's mode with two characters
        {
            at = escape + 2;
            continue;
        }
        var end = line.IndexOfAny([.. "ABCDHJKhlm"], escape);
        if (line[end] == 'm') style = Indexed(line[(escape + 2)..end]).Split(';').Aggregate(style, (s, code) => s.With(code));
        at = end + 1;
    }
    return spans;
}

// The first sixteen of the 256 colours are those of the short codes.
static string Indexed(string codes) => System.Text.RegularExpressions.Regex.Replace(codes, @"38;5;(\d+)", m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) is var n && n < 8 ? $"{30 + n}" : $"{82 + n}");

internal sealed record Style(string Colour, bool Bold)
{
    internal string Attributes => (Colour.Length > 0 ? $" fill=\"{Colour}\"" : "") + (Bold ? " font-weight=\"bold\"" : "");

    internal Style With(string code) => code switch
    {
        "" or "0" => new("", false),
        "1" => this with { Bold = true },
        "22" => this with { Bold = false },
        "31" or "91" => this with { Colour = "#ff7b72" },
        "32" or "92" => this with { Colour = "#56d364" },
        "33" or "93" => this with { Colour = "#e3b341" },
        "34" or "94" => this with { Colour = "#79c0ff" },
        "37" or "90" => this with { Colour = "#7d8794" },
        "39" => this with { Colour = "" },
        _ => this,
    };
}
