using System.Globalization;

namespace Weft.Linux.Libc;

/// <summary>Where a program's file is in memory as it is on disk (proc_pid_smaps(5)).</summary>
public static class ProgramMaps
{
    /// <summary>The parts that can neither be written to nor were: whoever forgets them finds the same in the file.</summary>
    /// <param name="smaps">Lines of /proc/PID/smaps.</param>
    /// <param name="program">Path of the file.</param>
    public static IEnumerable<(nint From, nuint Length)> Clean(IEnumerable<string> smaps, string program)
    {
        (nint From, nuint Length)? at = null;
        foreach (var line in smaps)
            if (line.Contains('-', StringComparison.Ordinal) && Part(line, program) is var (mine, part)) at = mine ? part : null;
            else if (at is { } clean && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "0", "kB"]) yield return clean;
                at = null;
            }
    }

    // 7f0000000000-7f0000001000 r-xp 00000000 fd:00 1234    /usr/sbin/weftd
    private static (bool Mine, (nint, nuint) Part)? Part(string line, string program)
    {
        if (line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries) is not [var range, { Length: 4 } rights, _, _, _, ..] words || range.Split('-') is not [var from, var to]) return null;
        if (!nint.TryParse(from, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var start) || !nint.TryParse(to, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end)) return null;
        return (words.Length == 6 && words[5].TrimEnd() == program && rights[1] == '-' && rights[3] == 'p' && end > start, (start, (nuint)(end - start)));
    }
}
