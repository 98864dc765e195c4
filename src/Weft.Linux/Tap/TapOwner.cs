using System.Globalization;
using System.Text;
using Weft.Linux.NetNs;

namespace Weft.Linux.Tap;

/// <summary>Finds the process that has a tap open: the hypervisor of the machine behind it (proc_pid_fdinfo(5), the line "iff:").</summary>
public static class TapOwner
{
    /// <summary>The command line of the process; null when nobody has the tap open, or no process that this one may look into.</summary>
    /// <param name="tap">Name of the tap, in the network namespace of the calling thread.</param>
    public static IReadOnlyList<string>? CommandLine(string tap)
    {
        var here = NetNamespace.CurrentInode;
        // The youngest first: who is asked for has mostly just been started.
        foreach (var id in Processes().OrderDescending())
            if (Has($"/proc/{id}", tap) && TryRead($"/proc/{id}/cmdline") is { } line && IsHere($"/proc/{id}", here)) return line.TrimEnd('\0').Split('\0');
        return null;
    }

    private static IEnumerable<int> Processes()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) yield return id;
    }

    // A hypervisor's manager has opened taps that it hands over; a name may be in another namespace too.
    private static bool IsHere(string process, ulong here)
    {
        try
        {
            return new FileInfo($"{process}/ns/net").LinkTarget == $"net:[{here}]";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it ended meanwhile
        }
    }

    private static bool Has(string process, string tap)
    {
        try
        {
            return Directory.EnumerateFiles($"{process}/fd").Any(f => new FileInfo(f).LinkTarget == "/dev/net/tun" && TryRead($"{process}/fdinfo/{Path.GetFileName(f)}") is { } info && IsOf(info, tap));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it ended meanwhile, or is not ours to look into
        }
    }

    /// <summary>Whether the text of fdinfo is about that tap.</summary>
    internal static bool IsOf(string info, string tap) => info.Split('\n').Any(l => l.StartsWith("iff:", StringComparison.Ordinal) && l.AsSpan(4).Trim().SequenceEqual(tap));

    private static string? TryRead(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended meanwhile
        }
    }
}
