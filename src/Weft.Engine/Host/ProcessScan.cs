using System.Collections.Immutable;
using System.Text;
using Weft.Linux.NetNs;

namespace Weft.Engine.Host;

/// <summary>A process of this network namespace.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name (comm).</param>
/// <param name="Arguments">What it was started with, or calls itself.</param>
/// <param name="Executable">Path of its program.</param>
/// <param name="IsRoots">Whether root started it and it still is root: others may call themselves what they like.</param>
internal sealed record HostProcess(int Id, string Name, ImmutableArray<string> Arguments, string Executable, bool IsRoots);

/// <summary>Finds processes by name. Only those of the calling thread's network namespace count: another one's DHCP client is none of ours.</summary>
internal static class ProcessScan
{
    private const string Deleted = " (deleted)"; // behind the path of a program whose file is gone (proc_pid_exe(5))
    private const string OfRoot = "Uid:\t0\t0\t0\t0"; // real, effective, saved, of files (proc_pid_status(5)); the folder's owner is root also for others that hide from debuggers

    /// <summary>The processes whose name (comm, at most 15 characters) is one of these.</summary>
    internal static IEnumerable<HostProcess> Find(params string[] names)
    {
        var here = NetNamespace.CurrentInode;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var id) && Read(id, folder, names, here) is { } process)
                yield return process;
    }

    // An upgrade puts another file in its place.
    private static string Program(string folder) => new FileInfo($"{folder}/exe").LinkTarget is { } path ? path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path : "";

    private static HostProcess? Read(int id, string folder, string[] names, ulong here)
    {
        try
        {
            var name = File.ReadAllText($"{folder}/comm").TrimEnd('\n');
            if (!names.Contains(name) || new FileInfo($"{folder}/ns/net").LinkTarget != $"net:[{here}]") return null;
            var line = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/cmdline")).TrimEnd('\0');
            return new(id, name, [.. line.Split('\0')], Program(folder), File.ReadLines($"{folder}/status").Contains(OfRoot));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while it was looked at
        }
    }
}
