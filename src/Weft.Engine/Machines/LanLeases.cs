using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Weft.Core.Model;
using Weft.Engine.Dhcp;

namespace Weft.Engine.Machines;

/// <summary>An address that a DHCP server of the LAN gave a machine.</summary>
/// <param name="Project">Project.</param>
/// <param name="Network">Network.</param>
/// <param name="Mac">The port's MAC.</param>
/// <param name="Address">The address.</param>
/// <param name="Expires">When the lease ends; null when never.</param>
internal sealed record LanLease(string Project, string Network, MacAddress Mac, IPAddress Address, DateTimeOffset? Expires)
{
    internal string Line => string.Create(CultureInfo.InvariantCulture, $"{Expires?.ToUnixTimeSeconds() ?? 0} {Project} {Network} {Mac} {Address}");

    internal static LanLease? Parse(string line)
    {
        if (line.Split(' ') is not [var expires, var project, var network, var mac, var address]) return null;
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return null;
        if (!MacAddress.TryParse(mac, out var m) || !IpPrefix.TryParseAddress(address, out var ip)) return null;
        return new(project, network, m, ip, seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds));
    }
}

/// <summary>What DHCP servers of LANs gave machines, as <see cref="LeaseWatch"/> heard it: a line each, in a file that goes when the machine starts anew.</summary>
internal static class LanLeases
{
    /// <summary>Those that have not ended. Lines that are none are passed over: another weft may have written them.</summary>
    /// <exception cref="IOException">The file cannot be read; an absent one means none.</exception>
    public static ImmutableArray<LanLease> Read(EnginePaths paths, DateTimeOffset now)
    {
        try
        {
            return [.. File.ReadLines(FileOf(paths), Encoding.UTF8).Select(LanLease.Parse).OfType<LanLease>().Where(l => l.Expires is not { } end || end > now)];
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Writes all of them, anew.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(EnginePaths paths, IEnumerable<LanLease> leases) =>
        WholeFile.Write(FileOf(paths), string.Concat(leases.Select(l => l.Line + "\n")), WholeFile.Private);

    private static string FileOf(EnginePaths paths) => Path.Combine(paths.Run, "lan-leases");
}
