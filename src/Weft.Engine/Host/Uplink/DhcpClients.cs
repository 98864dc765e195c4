using System.Collections.Immutable;
using System.Text;
using Weft.Linux.Libc;

namespace Weft.Engine.Host.Uplink;

/// <summary>What is known of ISC dhclient and of dhcpcd: how to tell whom they serve, where their leases are, how they are started.</summary>
internal static class DhcpClients
{
    private const string DhclientLeases = "/var/lib/dhcp/dhclient.leases", DhclientPid = "/run/dhclient.pid";

    /// <summary>dhclient's options that take a value (dhclient(8)).</summary>
    private static readonly HashSet<string> _valued =
        ["-lf", "-pf", "-cf", "-sf", "-s", "-g", "-p", "-e", "-D", "-df", "-H", "-F", "-timeout", "-C", "-B", "-V", "--prefix-len-hint", "--decline-wait-time", "--address-prefix-len"];

    /// <summary>Options that would end a client when no server answers at once, or keep it in the foreground.</summary>
    private static readonly HashSet<string> _dropped = ["-1", "-d", "-x", "-r", "-v", "-w", "-nw"];

    /// <summary>
    /// Whether it is the host's own client. Its program, and dhclient's arguments, are root's when it is started again: a user's process of that name must not choose them. dhcpcd's main process
    /// gives root away; of it only the title is taken.
    /// </summary>
    internal static bool IsGenuine(HostProcess p) => (p.IsRoots || p.Name == "dhcpcd") && FileIdentity.IsOnlyRoots(p.Executable);

    /// <summary>True when the process serves the link.</summary>
    /// <exception cref="IOException">It does, and serves all others too: dhcpcd in manager mode.</exception>
    internal static bool Serves(HostProcess p, string link)
    {
        if (p.Name == "dhclient") return Links(p.Arguments).Contains(link);
        var title = p.Arguments[0]; // "dhcpcd: eth0 [ip4]", "dhcpcd: [privileged proxy] eth0 [ip4]", "dhcpcd: [manager] [ip4] [ip6]"
        if (title.Contains("[manager]", StringComparison.Ordinal) || title.Contains("[master]", StringComparison.Ordinal))
            throw new IOException($"dhcpcd (process {p.Id}) configures all links of this host, {link} among them, and would take its addresses back; "
                + $"add 'denyinterfaces {link}' to /etc/dhcpcd.conf, run 'dhcpcd -n' and give {link} a client of its own ('dhcpcd {link}'), then try again");
        return title.Split(' ').Contains(link);
    }

    /// <summary>How to start it again; null for one of a client's helper processes.</summary>
    internal static DhcpClientState? State(HostProcess p, string link)
    {
        if (p.Name == "dhclient") return new("dhclient", p.Executable, [.. p.Arguments.Skip(1)]);
        var words = p.Arguments[0].Split(' ');
        if (words.Length < 2 || words[1] != link) return null;
        var (v4, v6) = (words.Contains("[ip4]"), words.Contains("[ip6]"));
        return new("dhcpcd", p.Executable, [.. v4 && !v6 ? (string[])["-4"] : v6 && !v4 ? ["-6"] : [], link]);
    }

    /// <summary>The arguments that start it on a link.</summary>
    internal static IEnumerable<string> Arguments(DhcpClientState c, string nic, string to, string root)
    {
        if (c.Tool == "dhcpcd")
            // No ARP probes: the address is in use, by this very host.
            return [.. root == "/" ? (string[])[] : ["-f", Path.Combine(root, "etc/dhcpcd.conf")], "-q", "-b", "-p", "--noarp", .. c.Arguments.Select(a => a == nic ? to : a)];
        return Dhclient(c.Arguments, nic, to);
    }

    private static List<string> Dhclient(ImmutableArray<string> arguments, string nic, string to)
    {
        var result = new List<string> { "-nw" };
        var (lease, pid) = (false, false);
        for (var i = 0; i < arguments.Length; i++)
        {
            var a = arguments[i];
            if (_dropped.Contains(a)) continue;
            lease |= a == "-lf";
            pid |= a == "-pf";
            var valued = _valued.Contains(a) && i + 1 < arguments.Length;
            if (!valued) result.Add(a == nic ? to : a);
            else result.AddRange([a, a is "-lf" or "-pf" ? FileFor(arguments[++i], nic, to) : arguments[++i]]);
        }
        if (!lease) result.InsertRange(0, ["-lf", FileFor(DhclientLeases, nic, to)]);
        if (!pid) result.InsertRange(0, ["-pf", FileFor(DhclientPid, nic, to)]);
        return result;
    }

    /// <summary>The file that serves another link: the name exchanged in it, or added before the extension. On the NIC itself it is the file that was.</summary>
    internal static string FileFor(string path, string nic, string to)
    {
        if (nic == to) return path;
        var name = Path.GetFileName(path);
        var other = name.Contains(nic, StringComparison.Ordinal)
            ? name.Replace(nic, to, StringComparison.Ordinal)
            : $"{Path.GetFileNameWithoutExtension(name)}.{to}{Path.GetExtension(name)}";
        return Path.Combine(Path.GetDirectoryName(path) ?? "/", other);
    }

    /// <summary>Writes the lease that a client had on one link down for another.</summary>
    internal static void CarryLease(DhcpClientState c, string nic, string from, string to, string root)
    {
        if (c.Tool == "dhclient")
        {
            var path = After(c.Arguments, "-lf") ?? DhclientLeases;
            CarryDhclient(FileFor(path, nic, from), FileFor(path, nic, to), from, to);
            return;
        }
        foreach (var extension in new[] { ".lease", ".lease6" })
            if (File.Exists(Dhcpcd(from, extension))) File.Copy(Dhcpcd(from, extension), Dhcpcd(to, extension), true);
    }

    // The folder is compiled into dhcpcd; the file is the server's message as it came.
    private static string Dhcpcd(string link, string extension) => $"/var/lib/dhcpcd/{link}{extension}";

    private static void CarryDhclient(string source, string target, string from, string to)
    {
        if (!File.Exists(source)) return;
        var text = File.ReadAllText(source).Replace($"interface \"{from}\";", $"interface \"{to}\";", StringComparison.Ordinal);
        File.WriteAllText(target + ".new", text, new UTF8Encoding(false));
        File.Move(target + ".new", target, true);
    }

    private static string? After(ImmutableArray<string> arguments, string option) =>
        arguments.IndexOf(option) is >= 0 and var i && i + 1 < arguments.Length ? arguments[i + 1] : null;

    private static IEnumerable<string> Links(ImmutableArray<string> arguments)
    {
        for (var i = 1; i < arguments.Length; i++)
        {
            if (_valued.Contains(arguments[i])) i++;
            else if (!arguments[i].StartsWith('-')) yield return arguments[i];
        }
    }
}
