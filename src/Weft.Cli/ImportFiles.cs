using Weft.Core.Diagnostics;
using Weft.Core.Import;

namespace Weft.Cli;

/// <summary>Reads files of other programs.</summary>
internal static class ImportFiles
{
    /// <summary>The texts; bytes that are no text, or too many, become faults.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal static List<ImportSource> Read(IEnumerable<string> paths, DiagnosticBag faults)
    {
        var all = new List<ImportSource>();
        foreach (var path in paths) if (SpecFile.Read(path, faults) is { } source) all.Add(new ImportSource(source.File, source.Text));
        return all;
    }
}

/// <summary>Where libvirtd keeps its networks (network_driver of libvirt: configDir and stateDir).</summary>
internal static class LibvirtFiles
{
    private const string Definitions = "etc/libvirt/qemu/networks";
    private static readonly string[] States = ["run/libvirt/network", "var/run/libvirt/network"];

    /// <summary>Files of what is defined.</summary>
    /// <exception cref="IOException">There is no libvirt on this host.</exception>
    internal static IReadOnlyList<string> Defined(DirectoryInfo? root)
    {
        var folder = Path.Combine(root?.FullName ?? "/", Definitions);
        return Directory.Exists(folder) ? Xml(folder) : throw new IOException($"there is no {folder}: libvirtd keeps its networks there; name files instead");
    }

    /// <summary>Files of what runs. On most hosts /var/run is /run.</summary>
    internal static IReadOnlyList<string> Running(DirectoryInfo? root) => [.. States.Select(s => Path.Combine(root?.FullName ?? "/", s)).Where(Directory.Exists).Take(1).SelectMany(Xml)];

    private static string[] Xml(string folder) => [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal)];
}
