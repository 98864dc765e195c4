using System.Globalization;
using System.Net;
using System.Text;

namespace Weft.Engine.Confirm;

/// <summary>The two ends of the SSH connection that a command was started from.</summary>
/// <param name="Remote">The client's end.</param>
/// <param name="Local">This host's end.</param>
public sealed record SshClient(IPEndPoint Remote, IPEndPoint Local)
{
    private const string Name = "SSH_CONNECTION";
    private const int OldestAncestor = 1;

    /// <summary>
    /// Looks into the environment of this process and, because sudo and su clear it, into those of the processes that started it; null when none of
    /// them came by SSH.
    /// </summary>
    public static SshClient? Find() => Find(Environment.ProcessId);

    internal static SshClient? Find(int process)
    {
        for (var id = process; id > OldestAncestor; id = Parent(id))
            if (Parse(Variable(id)) is { } found) return found;
        return null;
    }

    /// <summary>Reads "CLIENT PORT SERVER PORT" as sshd(8) writes it; null when it is not that.</summary>
    public static SshClient? Parse(string? text) => text?.Split(' ') is [var client, var clientPort, var server, var serverPort]
        && End(client, clientPort) is { } remote && End(server, serverPort) is { } local && remote.AddressFamily == local.AddressFamily
        ? new(remote, local)
        : null;

    private static IPEndPoint? End(string address, string port) =>
        IPAddress.TryParse(address, out var ip) && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(ip, number) : null;

    private static string? Variable(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/environ")).Split('\0').FirstOrDefault(v => v.StartsWith(Name + "=", StringComparison.Ordinal))?[(Name.Length + 1)..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while it was looked at, or is another user's
        }
    }

    // "PID (comm) S PPID ...": comm may have anything in it, so what follows the last bracket counts.
    private static int Parent(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it ended while it was looked at: nobody knows its parent any more
        }
    }
}
