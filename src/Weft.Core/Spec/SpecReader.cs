using System.Text;
using Weft.Core.Diagnostics;
using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Tables;
using Weft.Core.Spec.Yaml;

namespace Weft.Core.Spec;

/// <summary>Reads a project's file. Every fault becomes a diagnostic with its place, all of them at once; no input makes it throw.</summary>
public static class SpecReader
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads and validates: faults of the form and of the meaning are told together. Null when there is any error.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="utf8">The file's bytes; give at most <see cref="MaxBytes"/> + 1 of a longer one.</param>
    /// <param name="faults">Takes the faults.</param>
    public static ProjectSpec? Load(string file, ReadOnlySpan<byte> utf8, DiagnosticBag faults)
    {
        var c = new ReadContext(file, faults);
        return Decode(utf8, c) is { } text ? Load(file, text, faults) : null;
    }

    /// <inheritdoc cref="Load(string, ReadOnlySpan{byte}, DiagnosticBag)"/>
    public static ProjectSpec? Load(string file, string text, DiagnosticBag faults)
    {
        var found = new DiagnosticBag();
        var spec = Bind(ProjectTable.Shape, text, new ReadContext(file, found));
        if (spec is not null) SpecValidator.Validate(spec, found);
        return Told(spec, found, faults);
    }

    /// <summary>Reads without validating: null when the form has any fault. See <see cref="SpecValidator"/>.</summary>
    public static ProjectSpec? Read(string file, string text, DiagnosticBag faults)
    {
        var found = new DiagnosticBag();
        return Told(Bind(ProjectTable.Shape, text, new ReadContext(file, found)), found, faults);
    }

    /// <summary>Reads a file of another shape.</summary>
    internal static T? Load<T>(Shape<T> shape, string file, ReadOnlySpan<byte> utf8, DiagnosticBag faults) where T : class
    {
        var found = new DiagnosticBag();
        var c = new ReadContext(file, found);
        return Told(Decode(utf8, c) is { } text ? Bind(shape, text, c) : null, found, faults);
    }

    /// <summary>Hands the faults over in the order of the file.</summary>
    private static T? Told<T>(T? spec, DiagnosticBag found, DiagnosticBag faults) where T : class
    {
        foreach (var d in found.Items.OrderBy(d => d.Location.Line).ThenBy(d => d.Location.Column)) faults.Add(d);
        return found.HasErrors ? null : spec;
    }

    /// <summary>What could be read, or null when nothing could.</summary>
    private static T? Bind<T>(Shape<T> shape, string text, ReadContext c) where T : class
    {
        if (text.StartsWith('\uFEFF')) text = text[1..];
        if (!TextCheck.Pass(text, c)) return null;
        var before = c.Errors;
        var root = new NodeLoader(text, c).Load();
        if (root is null or ScalarNode { IsNull: true })
        {
            if (c.Errors == before) c.Error(SpecCodes.Empty, new Location(c.File, 1, 1), "the file is empty", shape == (object)ProjectTable.Shape ? "begin with: version: 1" : null);
            return null;
        }
        return shape.TryRead(root, c, out var spec) ? spec : null;
    }

    private static string? Decode(ReadOnlySpan<byte> utf8, ReadContext c)
    {
        if (utf8.Length > MaxBytes) { TextCheck.TooLarge(c); return null; }
        var bad = FirstInvalid(utf8);
        if (bad < 0) return Encoding.UTF8.GetString(utf8);
        var line = utf8[..bad].Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(utf8[(utf8[..bad].LastIndexOf((byte)'\n') + 1)..bad]) + 1;
        c.Error(SpecCodes.Characters, new Location(c.File, line, column), $"byte 0x{utf8[bad]:X2} is no UTF-8", "save the file as UTF-8 text");
        return null;
    }

    /// <summary>Index of the first byte that does not decode, or -1.</summary>
    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        for (var i = 0; i < utf8.Length;)
        {
            if (Rune.DecodeFromUtf8(utf8[i..], out _, out var used) != System.Buffers.OperationStatus.Done) return i;
            i += used;
        }
        return -1;
    }
}
