using System.Globalization;
using System.Text;

namespace Weft.Engine.Tests.Metrics;

/// <summary>A family as a reader of the text sees it.</summary>
internal sealed record ParsedFamily(string Name, string Type, string Help, string? Unit, List<ParsedSeries> Series);

/// <summary>A series as a reader of the text sees it.</summary>
internal sealed record ParsedSeries(string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value);

/// <summary>Reads an exposition letter by letter, as the two formats' grammars have it, and takes nothing else.</summary>
internal sealed class ReferenceParser(string text, bool open)
{
    private int _at;

    internal static IReadOnlyList<ParsedFamily> Parse(string text, bool open) => new ReferenceParser(text, open).Families();

    private List<ParsedFamily> Families()
    {
        var all = new List<ParsedFamily>();
        while (_at < text.Length && !(open && Try("# EOF\n"))) all.Add(Family());
        if (_at != text.Length || (open && !text.EndsWith("# EOF\n", StringComparison.Ordinal))) throw Fault("the end");
        return all;
    }

    private ParsedFamily Family()
    {
        Expect("# HELP ");
        var name = Name();
        Expect(" ");
        var help = Until('\n', quotes: open);
        Expect($"\n# TYPE {name} ");
        var type = Until('\n', quotes: false);
        Expect("\n");
        string? unit = null;
        if (Try("# UNIT "))
        {
            Expect($"{name} ");
            unit = Until('\n', quotes: false);
            Expect("\n");
        }
        var series = new List<ParsedSeries>();
        while (_at < text.Length && text[_at] != '#') series.Add(Series());
        return new(name, type, help, unit, series);
    }

    private ParsedSeries Series()
    {
        var (name, labels) = (Name(), new List<(string, string)>());
        if (Try("{"))
        {
            do
            {
                var label = Name();
                Expect("=\"");
                labels.Add((label, Until('"', quotes: true)));
                Expect("\"");
            }
            while (Try(","));
            Expect("}");
        }
        Expect(" ");
        var number = Until('\n', quotes: false);
        Expect("\n");
        return new(name, labels, number switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture) });
    }

    private string Name()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or ':')) _at++;
        return _at > start && !char.IsAsciiDigit(text[start]) ? text[start.._at] : throw Fault("a name");
    }

    private string Until(char end, bool quotes)
    {
        var value = new StringBuilder();
        for (; _at < text.Length && text[_at] != end; _at++)
        {
            if (text[_at] == '\n' || (quotes && text[_at] == '"')) throw Fault("an escaped character");
            if (text[_at] != '\\') value.Append(text[_at]);
            else value.Append(text[++_at] switch { 'n' => '\n', '\\' => '\\', '"' when quotes => '"', _ => throw Fault("an escape that is known") });
        }
        return value.ToString();
    }

    private bool Try(string wanted)
    {
        if (string.CompareOrdinal(text, _at, wanted, 0, wanted.Length) != 0) return false;
        _at += wanted.Length;
        return true;
    }

    private void Expect(string wanted)
    {
        if (!Try(wanted)) throw Fault(wanted);
    }

    private FormatException Fault(string wanted) => new($"at {_at}: {wanted} is wanted, not {text[_at..Math.Min(text.Length, _at + 40)]}");
}
