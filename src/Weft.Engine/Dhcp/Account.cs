namespace Weft.Engine.Dhcp;

/// <summary>The account that dnsmasq gives itself to once its sockets are open; it keeps only the capabilities that it needs.</summary>
internal static class Account
{
    /// <summary>dnsmasq where its package made it, else nobody.</summary>
    /// <exception cref="DhcpException">There is neither.</exception>
    internal static string Choose(string passwd = "/etc/passwd")
    {
        var names = File.ReadLines(passwd).Select(l => l[..Math.Max(0, l.IndexOf(':', StringComparison.Ordinal))]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in new[] { "dnsmasq", "nobody" })
            if (names.Contains(name)) return name;
        throw new DhcpException($"start dnsmasq: {passwd} has neither an account dnsmasq nor nobody to run it as; apt install dnsmasq-base makes one");
    }

    /// <summary>Checks that any account can reach a folder: dnsmasq reads it after it has given up root's rights.</summary>
    /// <exception cref="DhcpException">A folder on the way is closed to others.</exception>
    internal static void CheckReach(string folder)
    {
        for (var f = folder; f is not null; f = Path.GetDirectoryName(f))
            if ((File.GetUnixFileMode(f) & UnixFileMode.OtherExecute) == 0)
                throw new DhcpException($"start dnsmasq: its account cannot reach {folder}: {f} is closed to others; chmod o+x {f}, or choose another directory");
    }
}
