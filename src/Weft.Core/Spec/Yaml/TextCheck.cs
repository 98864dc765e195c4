using System.Text;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Yaml;

/// <summary>What is looked at before the YAML parser sees the text: size, characters, tabs.</summary>
internal static class TextCheck
{
    /// <summary>True when the text may be parsed.</summary>
    public static bool Pass(string text, ReadContext c)
    {
        if (text.Length > SpecReader.MaxBytes || Encoding.UTF8.GetByteCount(text) > SpecReader.MaxBytes) return TooLarge(c);
        var before = c.Errors;
        Scan(text, c);
        return c.Errors == before;
    }

    /// <summary>Reports a file past the limit.</summary>
    public static bool TooLarge(ReadContext c)
    {
        c.Error(SpecCodes.TooLarge, new Location(c.File, 1, 1), $"the file is larger than {SpecReader.MaxBytes / 1024 / 1024} MiB and was not read", "split it into several projects");
        return false;
    }

    private static void Scan(string text, ReadContext c)
    {
        int line = 1, start = 0;
        var indent = true;
        for (var i = 0; i < text.Length; i++)
        {
            var ch = text[i];
            var at = new Location(c.File, line, i - start + 1);
            if (ch == '\t' && indent && !BlankLine(text, i)) { Tab(at, c); indent = false; }
            else if (Forbidden(text, ref i)) c.Error(SpecCodes.Characters, at, $"character U+{(int)ch:X4} is not allowed in a file", "save the file as UTF-8 text");
            if (ch == '\n') { line++; start = i + 1; indent = true; }
            else if (ch is not (' ' or '\t')) indent = false;
        }
    }

    private static void Tab(Location at, ReadContext c) => c.Error(SpecCodes.Tab, at, "a tab in the indentation", "YAML indents with spaces only");

    private static bool BlankLine(string text, int i)
    {
        while (i < text.Length && text[i] is ' ' or '\t') i++;
        return i >= text.Length || text[i] is '\n' or '\r' or '#';
    }

    /// <summary>Control characters, halves of pairs, U+FFFD (what a decoder leaves of bytes that are no UTF-8) and U+FEFF inside the text. Steps over pairs.</summary>
    private static bool Forbidden(string text, ref int i)
    {
        var ch = text[i];
        if (char.IsHighSurrogate(ch) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) { i++; return false; }
        return char.IsSurrogate(ch) || ch is '\uFFFD' or '\uFFFE' or '\uFFFF' or '\uFEFF' || (char.IsControl(ch) && ch is not ('\t' or '\n' or '\r'));
    }
}
