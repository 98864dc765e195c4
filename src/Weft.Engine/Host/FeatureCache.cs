using System.Collections.Immutable;
using Weft.Linux.Libc;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host;

/// <summary>
/// Keeps what <see cref="FeatureProbe"/> found in a file, for as long as the answer cannot be another: until the next boot, the next installation of
/// kernel modules, or the next nft. Several processes may use it at once: the file is exchanged as a whole.
/// </summary>
internal static class FeatureCache
{
    /// <summary>
    /// The features, from the file or probed. A process that may not probe goes by what was found since the boot: a daemon that keeps no privilege for this alone
    /// does not see the modules either that might have been installed since.
    /// </summary>
    /// <param name="folder">Where the file is; null for none.</param>
    /// <param name="keep">Writes what was probed to it.</param>
    /// <param name="probe">Finds them.</param>
    /// <exception cref="IOException">The probe failed, or the file cannot be written.</exception>
    public static ImmutableHashSet<string> Get(string? folder, bool keep, Func<ImmutableHashSet<string>> probe)
    {
        if (folder is null) return probe();
        var (path, boot, state) = (Path.Combine(folder, "features"), Sysctl.BootId, State());
        var known = Load(path);
        if (known is { } k && k.State == state) return k.Features;
        try
        {
            var found = probe();
            if (keep) Save(path, state, found);
            return found;
        }
        catch (LinuxException e) when (e.Errno == Errno.EPERM)
        {
            if (known is { } old && old.State.StartsWith(boot, StringComparison.Ordinal)) return old.Features;
            throw new IOException($"{e.Message}; or let root run 'weft probe-kernel' once after a boot", e);
        }
    }

    // First line: of what the answer depends. One feature a line after it.
    private static (string State, ImmutableHashSet<string> Features)? Load(string path)
    {
        if (!File.Exists(path)) return null;
        var lines = File.ReadAllLines(path);
        return lines.Length > 0 ? (lines[0], [.. lines.Skip(1)]) : null;
    }

    private static void Save(string path, string state, ImmutableHashSet<string> features)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        File.WriteAllLines(next, [state, .. features.Order(StringComparer.Ordinal)]);
        File.Move(next, path, true);
    }

    private static string State()
    {
        var modules = $"/lib/modules/{Sysctl.Read("kernel/osrelease")}/modules.dep";
        return $"{Sysctl.BootId} {Stamp(modules)} {Stamp("/usr/sbin/nft")}";
    }

    private static long Stamp(string path) => File.Exists(path) ? File.GetLastWriteTimeUtc(path).Ticks : 0;
}
