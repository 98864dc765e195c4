using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>
/// A folder with everything that one dnsmasq reads, named by the hash of its configuration: the command line of the process then says what it was
/// started with. While a new one is being tried the old one is still whole.
/// </summary>
internal sealed class Generation
{
    private const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private readonly DhcpPaths _paths;
    private readonly string _text;

    internal Generation(DhcpPaths paths, IEnumerable<ManifestEntry> entries)
    {
        _paths = paths;
        List<DhcpScopeResource> scopes = [.. entries.Select(e => e.Scope).OfType<DhcpScopeResource>()];
        (_text, var hash) = DnsmasqConfig.Write(scopes, paths, Account.Choose());
        Folder = Path.Combine(paths.Run, hash);
        IsEmpty = scopes.Count == 0;
    }

    internal string Folder { get; }

    /// <summary>Nothing is to be served.</summary>
    internal bool IsEmpty { get; }

    /// <summary>Writes all files anew.</summary>
    internal void Write(IEnumerable<KeyValuePair<string, ManifestEntry>> entries)
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        foreach (var f in new[] { Folder, Path.Combine(Folder, HostFiles.Hosts), Path.Combine(Folder, HostFiles.Names) }) MakeFolder(f);
        Account.CheckReach(Folder);
        foreach (var (link, entry) in entries) HostFiles.WriteNew(Folder, link, entry);
        WholeFile.Write(Path.Combine(Folder, "dnsmasq.conf"), _text + DnsmasqConfig.Folders(DnsmasqText.FilePath(Folder)), WholeFile.Public);
    }

    /// <summary>Removes the other ones.</summary>
    internal void RemoveOthers()
    {
        foreach (var f in Directory.EnumerateDirectories(_paths.Run))
            if (f != Folder && File.Exists(Path.Combine(f, "dnsmasq.conf"))) Directory.Delete(f, recursive: true);
    }

    internal static void MakeFolder(string path)
    {
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, Open); // whatever the umask is
    }
}
