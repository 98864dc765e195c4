using System.Globalization;
using Weft.Linux.Libc;
using Weft.Core.Ipam;

namespace Weft.Engine;

/// <summary>Where the engine keeps what outlives a command (state) and what does not outlive the machine's uptime (run).</summary>
/// <param name="State">/var/lib/weft, or what --state names.</param>
/// <param name="Run">/run/weft, or a folder of its own there for another namespace or state directory.</param>
public sealed record EnginePaths(string State, string Run)
{
    /// <summary>The database: revisions, allocations, journal.</summary>
    public string Database => Path.Combine(State, "weft.db");
    /// <summary>Held by the one command that acts.</summary>
    public string Lock => Path.Combine(State, "lock");
    /// <summary>Says who holds the lock; only for people.</summary>
    public string Holder => Path.Combine(State, "lock.holder");
    /// <summary>What is true of the machine until it starts again, whatever the namespace and state: what its kernel can do.</summary>
    public string Machine { get; init; } = "/run/weft";
    /// <summary>Where the daemon of this namespace and state listens, and weft looks for it.</summary>
    public string Socket => Path.Combine(Run == OfHost ? Machine : Run, "weftd.sock");
    /// <summary>What DHCP must not forget: leases, the manifest.</summary>
    public string DhcpState => Path.Combine(State, "dhcp");
    /// <summary>What dnsmasq reads.</summary>
    public string DhcpRun => Path.Combine(Run, "dhcp");

    /// <summary>The folders of a namespace.</summary>
    /// <param name="netns">Name of the network namespace; null for the machine's own.</param>
    /// <param name="state">Another state directory; null for the usual one. It gets a run directory of its own, named after it.</param>
    public static EnginePaths Of(string? netns, string? state)
    {
        if (state is not null) return new(Path.GetFullPath(state), $"/run/weft/state/{Hash(Path.GetFullPath(state))}");
        return netns is null ? new("/var/lib/weft", OfHost) : new($"/var/lib/weft/netns/{netns}", $"/run/weft/netns/{netns}");
    }

    /// <summary>Says what is in the place of the state directory when that is no directory.</summary>
    /// <exception cref="IOException">A file is there.</exception>
    public void Check()
    {
        if (File.Exists(State)) throw new IOException($"the state directory {State}: {InPlace}; name another with --state");
    }

    /// <summary>Whether there is a database, and it can be written.</summary>
    public bool CanBeWritten => PathAccess.CanWrite(Database);

    private const string OfHost = "/run/weft/host";

    private const string InPlace = "a file of that name is in its place";

    private static string Hash(string path) => StableHash.Of(path).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>
    /// Makes the folders. Others may pass through the state, because dnsmasq, which runs without privileges, keeps its leases below it; they can neither list it
    /// nor read the database.
    /// </summary>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    public void Prepare()
    {
        Prepare(State, "the state directory", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Prepare(Run, "the runtime directory", OpenToAll);
    }

    private const UnixFileMode OpenToAll = (UnixFileMode)0b111_101_101;

    private static void Prepare(string folder, string what, UnixFileMode mode)
    {
        try
        {
            Directory.CreateDirectory(folder, mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = File.Exists(folder) ? InPlace : e.Message.TrimEnd('.');
            throw new IOException($"make {what} {folder}: {why}; name another with --state", e);
        }
    }
}
