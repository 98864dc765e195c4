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
/// <param name="rulesChange">Called when libvirt's rules come or go: whoever waits for nobody to change any knows of it.</param>
public sealed class LibvirtNetworkDriver(string root, RouteSocket route, Action rulesChange) : IDriver
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
        rulesChange();
        using var change = new LibvirtChange(_files);
        var swaps = new List<LibvirtSwap>();
        foreach (var step in steps)
        {
            if (step.After is LibvirtNetworkResource { IsForeign: true } theirs) GiveBack(theirs, change, swaps);
            else if (step.After is LibvirtNetworkResource ours) Take(ours, change, swaps);
            else if (_files.ReadAdopted(step.Key.Name) is not null) change.Remove(step.Key.Name);
        }
        change.Swap(swaps);
        foreach (var back in steps.Select(s => s.After).OfType<LibvirtNetworkResource>().Where(n => n.IsForeign && swaps.Exists(s => s.Name == n.Name))) AwaitRules(back, change);
        foreach (var step in steps)
            if (step is { Before: LibvirtNetworkResource { IsForeign: true } before, After.IsForeign: false }) CleanUp(before, change);
    }

    private void Take(LibvirtNetworkResource ours, LibvirtChange change, List<LibvirtSwap> swaps)
    {
        var xml = new NetworkXml(ours.Name, ours.Bridge, ours.Owner, ours.Network) { Uuid = change.Uuid(ours.Name) }.Write();
        change.Define(ours.Name, xml);
        if (LibvirtFiles.IsOurs(LibvirtFiles.Text(_files.Status(ours.Name))) == false) swaps.Add(new(ours.Name, $"<networkstatus>\n{xml}\n</networkstatus>\n", Ours: true));
    }

    private static void CleanUp(LibvirtNetworkResource before, LibvirtChange change)
    {
        change.EndDnsmasq(before.Name);
        LibvirtRules.Remove(before.Bridge, LibvirtXml.Subnets(before.Status ?? before.Definition!));
    }

    // Without rules that look at connections the kernel stops translating those there are, and libvirt's reject before they accept: Weft's must not go before libvirt's are whole, which is some
    // time after it has read the state. While it makes them it answers nothing about the network.
    private static void AwaitRules(LibvirtNetworkResource theirs, LibvirtChange change)
    {
        var subnets = LibvirtXml.Subnets(theirs.Status!);
        if (subnets.Count == 0 || LibvirtXml.ForwardOfStatus(theirs.Status!) == "open") return; // it makes none
        if (!SpinWait.SpinUntil(() => LibvirtRules.Has(theirs.Bridge, subnets), LibvirtChange.Patience))
            throw new IOException($"give libvirt's network {theirs.Name} back: libvirtd has not made its rules within {LibvirtChange.Patience / 1000} seconds; 'systemctl reload libvirtd' tries again");
        change.Live(theirs.Name);
    }

    private void GiveBack(LibvirtNetworkResource theirs, LibvirtChange change, List<LibvirtSwap> swaps)
    {
        var status = LibvirtFiles.Text(_files.Status(theirs.Name));
        if (LibvirtFiles.IsOurs(LibvirtFiles.Text(_files.Definition(theirs.Name))) != true && LibvirtFiles.IsOurs(status) != true) return;
        foreach (var listed in _files.Listed(theirs.Bridge)) change.Remove(listed); // libvirt defines no network that makes a bridge which another one names
        change.Define(theirs.Name, theirs.Definition!);
        if (theirs.Status is null || LibvirtFiles.IsOurs(status) == false) return;
        // Without the bridge libvirt makes it anew.
        if (status is null || route.Link(theirs.Bridge) is null) change.Restart(theirs.Name);
        else swaps.Add(new(theirs.Name, theirs.Status, Ours: false));
    }
}
