using Weft.Engine;
using Weft.Linux.NetNs;

namespace Weft.Cli.Sandbox;

/// <summary>Makes a sandbox and takes it away. Each step finds what an earlier one that broke off has left.</summary>
internal sealed class SandboxHost
{
    private readonly SandboxProcesses _processes;

    internal SandboxHost(string name)
    {
        Layout = new SandboxLayout(name);
        _ = NetNamespace.PathOf(Layout.World); // a name that leads elsewhere is refused before it is part of a path
        _processes = new SandboxProcesses(Layout);
    }

    internal SandboxLayout Layout { get; }

    /// <summary>Names of all sandboxes, complete or not.</summary>
    internal static IReadOnlyList<string> Names => Directory.Exists(SandboxLayout.Root)
        ? [.. Directory.EnumerateDirectories(SandboxLayout.Root).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]
        : [];

    internal bool Exists => Directory.Exists(Layout.Folder);

    /// <summary>Everything is there and its servers answer.</summary>
    internal bool IsUp => IsMade && _processes.Serve();

    private bool IsMade => File.Exists(Layout.Complete) && Layout.Namespaces.All(n => NetNamespace.InodeOf(n) is not null);

    /// <summary>Processes in the host's namespace.</summary>
    internal int Processes => _processes.CountInHost();

    /// <summary>Makes the sandbox; one that is there is kept as it is, and its servers run afterwards.</summary>
    /// <returns>False when nothing was to do.</returns>
    /// <exception cref="IOException">A namespace of the name is someone else's, a program is missing, or the kernel refused.</exception>
    internal bool Up()
    {
        using var turn = Lock();
        if (IsUp) return false;
        if (!IsMade) Make();
        _processes.Start();
        File.WriteAllText(Layout.Complete, "");
        return true;
    }

    /// <summary>Takes the sandbox away with everything that runs in it.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="IOException">A process in it does not end, or it is called from inside.</exception>
    internal bool Down()
    {
        using var turn = Lock();
        if (!Exists) return false;
        Remove();
        return true;
    }

    private void Make()
    {
        if (Exists) Remove();
        else RefuseStrangers();
        Forget(); // /var/lib outlives the machine's uptime, a sandbox does not
        Directory.CreateDirectory(Layout.Folder);
        foreach (var name in Layout.Namespaces) NetNamespace.Create(name);
        new SandboxLinks(Layout).Make();
        Directory.CreateDirectory(Path.GetDirectoryName(Layout.ResolvConf)!);
        File.WriteAllText(Layout.ResolvConf, SandboxLayout.ResolvText);
    }

    private void RefuseStrangers()
    {
        foreach (var path in Layout.Namespaces.Select(NetNamespace.PathOf).Append(Layout.ResolvConf))
            if (File.Exists(path) && !(path == Layout.ResolvConf && File.ReadAllText(path) == SandboxLayout.ResolvText)) throw new IOException($"make sandbox {Layout.Name}: {path} is there and not Weft's; choose another name");
    }

    private void Remove()
    {
        if (Layout.Namespaces.Any(n => NetNamespace.InodeOf(n) == NetNamespace.CurrentInode))
            throw new IOException($"remove sandbox {Layout.Name}: this shell is inside it; leave it first");
        _processes.End();
        foreach (var name in Layout.Namespaces.Where(NetNamespace.Exists)) NetNamespace.Delete(name);
        RemoveFiles();
    }

    // What weft --netns NAME keeps of the host that was tried in.
    private void Forget()
    {
        var paths = EnginePaths.Of(Layout.Name, null);
        foreach (var folder in new[] { paths.State, paths.Run }.Where(Directory.Exists)) Directory.Delete(folder, true);
    }

    private void RemoveFiles()
    {
        Forget();
        var folder = Path.GetDirectoryName(Layout.ResolvConf)!;
        if (Directory.Exists(folder))
        {
            File.Delete(Layout.ResolvConf);
            if (!Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        Directory.Delete(Layout.Folder, true); // last: as long as it is there, the rest is known to be Weft's
    }

    private FileStream Lock()
    {
        Directory.CreateDirectory(SandboxLayout.Root);
        const int EWOULDBLOCK = 11; // of flock(2)
        try
        {
            return new FileStream($"{SandboxLayout.Root}/.{Layout.Name}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == EWOULDBLOCK)
        {
            throw new IOException($"sandbox {Layout.Name}: another weft is making or removing it; try again when it is done", e);
        }
    }
}
