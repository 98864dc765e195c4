namespace Weft.Engine.Drivers;

/// <summary>A kernel setting that Weft has changed, and how to put it back.</summary>
/// <param name="Path">Relative to /proc/sys with slashes: net/ipv4/conf/eth0/forwarding. The key.</param>
/// <param name="Owner">Project, or <see cref="Core.Resources.Resource.Shared"/>.</param>
/// <param name="Network">Network.</param>
/// <param name="Value">What Weft set, as the kernel prints it.</param>
/// <param name="Original">What it was before Weft changed it.</param>
public sealed record SysctlEntry(string Path, string Owner, string Network, string Value, string Original);

/// <summary>
/// The kernel settings that Weft has changed. An entry is written, durably, before the kernel is changed, so that a crash between the two
/// can be undone.
/// </summary>
public interface ISysctlStore
{
    /// <summary>All entries.</summary>
    IReadOnlyList<SysctlEntry> All();

    /// <summary>Adds or replaces entries by path, all or none.</summary>
    void Put(IReadOnlyCollection<SysctlEntry> entries);

    /// <summary>Removes the entries of these paths, all or none; those that are not there are passed over.</summary>
    void Remove(IReadOnlyCollection<string> paths);
}
