using Weft.Core.Resources;
using Weft.Engine.Host.Files;

namespace Weft.Engine.Host.Boot;

/// <summary>
/// Has systemd run "weft apply --boot", by files alone: no systemd needs to run, and what is written counts from the next boot on. A unit that a package
/// installed, or that the administrator wrote or masked, stays as it is.
/// </summary>
/// <param name="root">Root of the host's files: "/", or a folder that stands for it.</param>
/// <param name="executable">Absolute path of weft.</param>
public sealed class BootUnit(string root, string executable)
{
    private const string Name = "weft.service", Folder = "/etc/systemd/system", Own = $"{Folder}/{Name}", Packaged = $"/usr/lib/systemd/system/{Name}";
    private const string Wants = $"{Folder}/multi-user.target.wants/{Name}", Uplinks = $"{Folder}/{Name}.d/50-uplinks.conf";
    private readonly HostTree _tree = new(root);

    /// <summary>Whether the next boot applies what was applied last.</summary>
    public bool IsEnabled => _tree.Exists(Wants) && !_tree.IsMasked(Own);

    /// <summary>Whether systemd starts the guard of DHCP when the networks are there, as packages have it: then nobody else needs to.</summary>
    public bool StartsGuard => _tree.IsEnabled("weft-dhcp.service");

    /// <summary>Writes what is missing or other. To be called after each apply: it does nothing when all is there.</summary>
    /// <param name="nics">Physical uplinks that the boot must wait for.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Enable(IReadOnlyCollection<string> nics)
    {
        if (_tree.IsMasked(Own)) return;
        if (IsPackaged && !_tree.Exists(Own)) Link(Packaged);
        else
        {
            Write(Own, UnitText.For(executable));
            Link(Own);
        }
        if (nics.Count == 0) Remove(Uplinks);
        // NetworkManager gives NICs their addresses first; started is not yet done.
        else Write(Uplinks, UnitText.Uplinks(nics, _tree.IsEnabled("NetworkManager.service") ? ["NetworkManager-wait-online.service"] : []));
    }

    /// <summary>Takes away what <see cref="Enable"/> wrote, and the link that starts the unit.</summary>
    /// <exception cref="IOException">A file cannot be removed.</exception>
    public void Disable()
    {
        File.Delete(_tree.On(Wants));
        foreach (var path in new[] { Own, Uplinks }) Remove(path);
        var folder = _tree.On(Path.GetDirectoryName(Uplinks)!);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
    }

    private bool IsPackaged => _tree.Exists(Packaged);

    private void Link(string target)
    {
        if (_tree.Exists(Wants)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(_tree.On(Wants))!);
        File.CreateSymbolicLink(_tree.On(Wants), target);
    }

    private void Write(string path, string text)
    {
        var (file, whole) = (_tree.On(path), $"{HostFileResource.Mark}\n{text}");
        if (File.Exists(file) && (!IsOurs(file) || File.ReadAllText(file) == whole)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        HostFiles.WriteWhole(file, whole);
    }

    private void Remove(string path)
    {
        if (File.Exists(_tree.On(path)) && IsOurs(_tree.On(path))) File.Delete(_tree.On(path));
    }

    private static bool IsOurs(string file) => File.ReadLines(file).FirstOrDefault() == HostFileResource.Mark;
}
