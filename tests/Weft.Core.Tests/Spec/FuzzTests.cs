using System.Text;
using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Spec;

/// <summary>Whatever the input: no exception, and a result or an error, never neither.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Valid = [.. Directory.EnumerateFiles(RepoFiles.Path("examples"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    // Pieces that mean something to YAML or to the binder, so that mutations reach deep.
    private static readonly string[] Pieces =
        ["\n", "  ", "- ", ": ", ":", "[", "]", "{", "}", ",", "&a ", "*a", "!!str ", "!", "|", ">", ">-\n", "\"", "'", "\\", "\"\\x", "\"\\U0010FFFF", "\"\\UFFFFFFFF\"", "%YAML 1.2\n", "%YAML 99999999999.1\n", "%TAG ! x\n",
         "---\n", "...\n", "? ", "#", "\t", "\0", "\uFEFF", "\uD800", "\u2028", "\u0085", "<<: ", "~", "null", "true", "1", "-1", "0", "99999999999999999999", "1e9", "0x10", "mode", "mode: nat", "networks: ", "ports", "10.0.0.0/8", "::/0", "ff02::1", "tcp/1-65535", "a-b"];

    [Fact]
    public void Random_text() => Gen.OneOf(Gen.String, SpecGen.Pick(Pieces).Array[0, 30].Select(string.Concat)).Sample(Total, iter: 20_000);

    [Fact]
    public void Mutated_files() => Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Select(Gen.Double.Unit, Gen.Int[0, 12], SpecGen.Pick(Pieces)).Array[1, 4])
        .Sample((file, edits) => Total(edits.Aggregate(Valid[file], Edit)), iter: 20_000);

    [Fact]
    public void Random_bytes() => Gen.Byte.Array.Sample(bytes =>
    {
        var faults = new DiagnosticBag();
        Assert.True(SpecReader.Load("f", bytes, faults) is not null || faults.HasErrors);
    }, iter: 5_000);

    private static string Edit(string text, (double Where, int Cut, string Piece) edit)
    {
        var at = (int)(edit.Where * text.Length);
        return string.Concat(text.AsSpan(0, at), edit.Piece, text.AsSpan(Math.Min(at + edit.Cut, text.Length)));
    }

    private static void Total(string text)
    {
        var faults = new DiagnosticBag();
        var spec = SpecReader.Load("f", text, faults);
        Assert.Equal(spec is null, faults.HasErrors);
        Assert.All(faults.Items, f => Assert.True(f.Location.Line > 0 && f.Location.Column > 0, f.ToString()));
        if (spec is not null) Assert.Equal(Structural.Render(spec), Structural.Render(SpecReader.Load("f", Encoding.UTF8.GetBytes(SpecWriter.Write(spec)), faults)));
    }
}
