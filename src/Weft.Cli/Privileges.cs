using System.Globalization;

namespace Weft.Cli;

/// <summary>Networks are changed with CAP_NET_ADMIN only; said in one line before anything else is tried.</summary>
internal static class Privileges
{
    private const int CAP_NET_ADMIN = 12; // linux/capability.h

    /// <exception cref="UnauthorizedAccessException">The process lacks CAP_NET_ADMIN.</exception>
    internal static void Demand()
    {
        if (!HasNetAdmin()) throw new UnauthorizedAccessException("this needs root or CAP_NET_ADMIN: run it with sudo");
    }

    private static bool HasNetAdmin()
    {
        const string field = "CapEff:";
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return (ulong.Parse(line.AsSpan(field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> CAP_NET_ADMIN & 1) != 0;
    }
}
