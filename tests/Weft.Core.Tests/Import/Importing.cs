using Weft.Core.Diagnostics;
using Weft.Core.Import;
using Weft.Core.Import.Ifupdown;
using Weft.Core.Import.Libvirt;
using Weft.Core.Import.Netplan;
using Weft.Core.Spec;
using Weft.Core.Tests.Spec;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>Imports, and what holds of whatever is imported.</summary>
internal static class Importing
{
    public static Imported Import(string format, params ImportSource[] sources) => format switch
    {
        "libvirt" => LibvirtImporter.Import("lab", sources),
        "netplan" => NetplanImporter.Import("lab", sources),
        _ => IfupdownImporter.Import("lab", sources, format == "proxmox"),
    };

    /// <summary>The project has no faults, and its print with the comments reads back equal and prints to the same again.</summary>
    public static Imported Sound(Imported imported)
    {
        var (text, faults) = (imported.Yaml(), new DiagnosticBag());
        var again = SpecReader.Load("made.yaml", text, faults);
        Assert.True(again is not null, string.Join('\n', faults.Items) + "\n" + text);
        Assert.Equal(Structural.Render(imported.Project), Structural.Render(again));
        Assert.Equal(SpecWriter.Write(imported.Project), SpecWriter.Write(again));
        return imported;
    }

    /// <summary>Every finding stands in a file of the source.</summary>
    public static void HasPlaces(Imported imported) => Assert.All(imported.Findings, f => Assert.True(f.Diagnostic.Location is { Line: > 0, Column: > 0, File.Length: > 0 }, f.ToString()));
}
