using Weft.Core.Resources;
using Weft.Engine.Drivers;

namespace Weft.Engine.Host.Files;

/// <summary>
/// Drop-ins in the configuration of other tools. A file that does not begin with Weft's mark is never written to or removed. When the tools read
/// what was written is decided by who carries out the steps: <see cref="Finish"/>.
/// </summary>
/// <param name="root">Root of the host's files: "/", or a folder that stands for it.</param>
/// <param name="reload">Whether running tools are told; never those of another root or network namespace.</param>
public sealed class HostFileDriver(string root, bool reload) : IDriver
{
    // Where Weft has files: the places that modes name.
    private static readonly string[] _folders = ["/run/NetworkManager/conf.d", "/etc/systemd/network"];
    private readonly HostFiles _files = new(root);
    private readonly SortedDictionary<string, (string Tool, bool Written)> _pending = new(StringComparer.Ordinal); // by path

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.HostFile];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        IEnumerable<string> paths = scope.Names(ResourceKind.HostFile) ?? _folders.SelectMany(_files.List);
        return [.. paths.Select(_files.Read).OfType<Resource>()];
    }

    /// <inheritdoc/>
    /// <exception cref="DriverException">A file of that name is there and is not Weft's.</exception>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.After is HostFileResource file) _files.Write(file);
            else _files.Remove(((HostFileResource)step.Before!).Path);
            var changed = (HostFileResource)(step.After ?? step.Before)!;
            _pending[changed.Path] = (changed.Reload, step.After is not null);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Makes the tools whose files were changed since the last call read them, those that run. That comes after all other steps: a tool
    /// that learns that a NIC is no longer its own takes its addresses off it, so these must be on the bridge by then; and one that gets
    /// a NIC back must find it free.
    /// </remarks>
    /// <exception cref="IOException">A tool refused: its own words. The files stay; the next call tries again.</exception>
    public void Finish()
    {
        foreach (var tool in _pending.Values.GroupBy(p => p.Tool))
            if (reload && root == "/") HostReload.Of(tool.Key, tool.Any(p => p.Written));
        _pending.Clear();
    }
}
