using Weft.Core.Resources;
using Weft.Engine.Machines;
using Weft.Linux.Libvirt;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>
/// Networks of libvirt whose bridge changes hands. libvirtd deletes a bridge that it made when the network is stopped, so the network is never stopped: its state is written as it shall be, and
/// libvirtd reads that when it is told to reload (SIGHUP), which changes neither link nor machines. What libvirtd leaves behind by that, its dnsmasq and its filter rules, goes then; on the
/// way back it brings both again by itself.
/// </summary>
/// <param name="root">Root of the host's files.</param>
/// <param name="route">A socket in the target network namespace.</param>
public sealed class LibvirtNetworkDriver(string root, RouteSocket route) : IDriver
{
    private readonly LibvirtFiles _files = new(root);

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.LibvirtNetwork];

    /// <inheritdoc/>
    public IEnumerable<Resource> Read(ReadScope scope) =>
        scope.Names(ResourceKind.LibvirtNetwork) is { } names ? [.. names.Select(_files.ReadAdopted).OfType<Resource>()] : [.. _files.Adopted()];

    /// <inheritdoc/>
    /// <exception cref="LibvirtException">libvirtd refused, or cannot be reached.</exception>
    public void Apply(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            if (step.After is LibvirtNetworkResource { IsForeign: true } theirs) GiveBack(theirs);
            else if (step.After is LibvirtNetworkResource ours) Take(ours, step.Before as LibvirtNetworkResource);
            else Remove((LibvirtNetworkResource)step.Before!);
        }
    }

    private void Take(LibvirtNetworkResource ours, LibvirtNetworkResource? before)
    {
        using var change = new LibvirtChange(_files, ours.Name);
        var xml = new NetworkXml(ours.Name, ours.Bridge, ours.Owner, ours.Network) { Uuid = change.Uuid };
        change.Define(xml.Write());
        if (LibvirtFiles.IsOurs(LibvirtFiles.Text(_files.Status(ours.Name))) == false) change.Reload($"<networkstatus>\n{xml.Write()}\n</networkstatus>\n", ours: true);
        if (before is not { IsForeign: true }) return;
        change.EndDnsmasq();
        LibvirtRules.Remove(before.Bridge, LibvirtXml.Subnets(before.Status ?? before.Definition ?? ""));
    }

    private void GiveBack(LibvirtNetworkResource theirs)
    {
        var status = LibvirtFiles.Text(_files.Status(theirs.Name));
        if (LibvirtFiles.IsOurs(LibvirtFiles.Text(_files.Definition(theirs.Name))) != true && LibvirtFiles.IsOurs(status) != true) return;
        using var change = new LibvirtChange(_files, theirs.Name);
        change.Define(theirs.Definition!);
        if (theirs.Status is null || LibvirtFiles.IsOurs(status) == false) return;
        // Without the bridge libvirt makes it anew.
        if (status is null || route.Link(theirs.Bridge) is null) change.Restart();
        else change.Reload(theirs.Status, ours: false);
    }

    private void Remove(LibvirtNetworkResource ours)
    {
        if (_files.ReadAdopted(ours.Name) is null) return;
        using var change = new LibvirtChange(_files, ours.Name);
        change.Remove();
    }
}
