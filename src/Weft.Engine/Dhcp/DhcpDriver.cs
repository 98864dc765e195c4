using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Libc;

namespace Weft.Engine.Dhcp;

/// <summary>
/// DHCP, router advertisements and DNS by one dnsmasq for all networks of the network namespace. What is served is written down in a manifest, from
/// which all of dnsmasq's files are made. It is on the host only while the process runs that was started with it: a dead dnsmasq is seen as drift, and
/// applied again.
/// </summary>
public sealed class DhcpDriver(DhcpPaths paths) : IDriver
{
    private readonly Manifest _manifest = new(paths.Manifest);

    /// <inheritdoc/>
    public IReadOnlyList<ResourceKind> Kinds { get; } = [ResourceKind.DhcpScope, ResourceKind.DhcpHost];

    /// <inheritdoc/>
    /// <exception cref="DhcpException">The manifest is damaged while dnsmasq runs.</exception>
    public IEnumerable<Resource> Read(ReadScope scope)
    {
        using var running = DnsmasqProcess.Find(paths);
        if (running is not { IsHere: true }) return [];
        return scope.Keys is { } keys ? [.. keys.Select(ReadOne).OfType<Resource>()] : ReadAll(running);
    }

    /// <inheritdoc/>
    /// <exception cref="DhcpException">dnsmasq is missing or refused; what was served before is served on.</exception>
    public void Apply(IReadOnlyList<Step> steps)
    {
        if (steps.Count == 0) return;
        Generation.MakeFolder(paths.Run);
        Directory.CreateDirectory(paths.State, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var held = FileLock.Wait(paths.Lock);
        new DhcpChange(paths, _manifest).Carry(steps);
    }

    private List<Resource> ReadAll(DnsmasqProcess running)
    {
        var entries = _manifest.Links.Select(_manifest.Read).ToList();
        // Started with something else: a change was broken off.
        return new Generation(paths, entries).Folder == running.Folder ? [.. entries.SelectMany(e => e.Resources)] : [];
    }

    private Resource? ReadOne(ResourceKey key)
    {
        if (key.Kind == ResourceKind.DhcpScope) return _manifest.ReadScope(key.Name);
        var space = key.Name.LastIndexOf(' ');
        return space > 0 && MacAddress.TryParse(key.Name[(space + 1)..], out var mac) ? _manifest.ReadHost(key.Name[..space], mac) : null;
    }
}
