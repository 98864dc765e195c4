using System.Collections.Immutable;
using Weft.Core.Model;
using Weft.Engine.Host.Filters;
using Weft.Engine.Host.Managers;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Engine.Host;

/// <summary>Takes the snapshot of the host that planning looks at. It runs on a thread that is in the target network namespace.</summary>
public static class HostReader
{
    /// <summary>Reads the host.</summary>
    /// <param name="socket">A socket in the namespace of this thread.</param>
    /// <param name="options">What to read and where.</param>
    /// <exception cref="IOException">The kernel refused a dump, a probe needs more privileges, or a file cannot be read.</exception>
    public static HostModel Read(RouteSocket socket, HostReadOptions options)
    {
        var links = HostLinks.Read(socket, options);
        var addresses = socket.Addresses();
        var names = HostLinks.Names(socket, links, addresses);
        return new HostModel
        {
            Links = [.. links.Select(l => HostObjects.Link(l, names))],
            Addresses = [.. addresses.Select(a => HostObjects.Address(a, names)).OfType<HostAddress>()],
            Routes = [.. HostRoutes.Read(socket).SelectMany(r => HostRoutes.Of(r, names))],
            Neighbours = [.. socket.Neighbours().Where(HostObjects.IsSeen).Select(n => n.Address).Distinct()],
            Managers = options.Managers ? [.. ManagerDetector.Detect(links, options.Root)] : [],
            Filters = options.Filters ? [.. FilterDetector.Detect()] : [],
            Listeners = options.Listeners ? [.. HostListeners.Read()] : [],
            Features = FeatureCache.Get(options.RuntimeDirectory, options.KeepsProbed, FeatureProbe.Try).Union(FeatureProbe.Look()),
            Sysctls = Sysctls(),
        };
    }

    /// <summary>Finds out what the kernel can do, and keeps it for those who may not try.</summary>
    /// <param name="folder">/run/weft.</param>
    /// <exception cref="IOException">The privileges do not suffice, or the folder cannot be written.</exception>
    public static void ProbeKernel(string folder) => FeatureCache.Get(folder, keep: true, FeatureProbe.Try);

    private static ImmutableDictionary<string, string> Sysctls()
    {
        var found = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var path in HostSysctls.All)
            if (Sysctl.TryRead(path) is { } value) found[path] = value;
        return found.ToImmutable();
    }
}
