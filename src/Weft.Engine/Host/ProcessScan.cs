using System.Collections.Immutable;
using System.Text;
using Weft.Linux.NetNs;

namespace Weft.Engine.Host;

/// <summary>A process of this network namespace.</summary>
internal sealed record HostProcess(int Id, string Name, ImmutableArray<string> Arguments, string Executable);

/// <summary>Finds processes by name. Only those of the calling thread's network namespace count: another one's DHCP client is none of ours.</summary>
internal static class ProcessScan
{
    /// <summary>The processes whose name (comm, at most 15 characters) is one of these.</summary>
    internal static IEnumerable<HostProcess> Find(params string[] names)
    {
        var here = NetNamespace.CurrentInode;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var id) && Read(id, folder, names, here) is { } process)
                yield return process;
    }

    private static HostProcess? Read(int id, string folder, string[] names, ulong here)
    {
        try
        {
            var name = File.ReadAllText($"{folder}/comm").TrimEnd('\n');
            if (!names.Contains(name) || new FileInfo($"{folder}/ns/net").LinkTarget != $"net:[{here}]") return null;
            var line = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/cmdline")).TrimEnd('\0');
            return new(id, name, [.. line.Split('\0')], new FileInfo($"{folder}/exe").LinkTarget ?? "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while it was looked at
        }
    }
}
