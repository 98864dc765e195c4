using System.Globalization;
using System.Text;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine.Drivers;
using Weft.Engine.Store;

namespace Weft.Engine.Reconcile;

/// <summary>What of a host concerns which project, as far as the objects themselves do not say it.</summary>
internal sealed class Interests
{
    /// <summary>All projects, and what each wants to be done about drift.</summary>
    public required IReadOnlyDictionary<string, DriftPolicy> Policies { get; init; }
    /// <summary>Links of others that networks use, and the projects of those.</summary>
    public required ILookup<string, string> Uplinks { get; init; }
    /// <summary>Settings that Weft made, by their path under /proc/sys, and whose they are.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
    /// <summary>MAC addresses of static FDB entries.</summary>
    public required IReadOnlySet<string> Fdb { get; init; }

    private static readonly CompositeFormat[] s_ofBridges =
    [
        .. new[] { "net/ipv4/conf/{0}/forwarding", "net/ipv6/conf/{0}/forwarding", "net/ipv6/conf/{0}/force_forwarding", "net/ipv6/conf/{0}/accept_ra", "net/ipv6/conf/{0}/disable_ipv6" }
            .Select(CompositeFormat.Parse),
    ];

    /// <summary>All projects.</summary>
    public IEnumerable<string> Projects => Policies.Keys;

    /// <summary>Reads them.</summary>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public static Interests Read(WeftStore store)
    {
        var specs = store.ProjectNames.ToDictionary(n => n, n => Spec(store, n));
        return new Interests
        {
            Policies = specs.ToDictionary(s => s.Key, s => s.Value?.Drift ?? DriftPolicy.Enforce),
            Uplinks = store.Networks.SelectMany(n => n.Uplinks, (n, link) => (Link: link, n.Project)).Distinct().ToLookup(u => u.Link, u => u.Project),
            Settings = Made(store),
            Fdb = specs.Values.OfType<ProjectSpec>().SelectMany(s => s.Networks).SelectMany(n => n.Fdb).Select(f => f.Mac.ToString()).ToHashSet(),
        };
    }

    // Those of Weft's own bridges are part of the bridge's record (BridgeIp), and kept by nobody else.
    private static Dictionary<string, string> Made(WeftStore store)
    {
        var settings = store.Networks.SelectMany(n => s_ofBridges, (n, s) => (Path: string.Format(CultureInfo.InvariantCulture, s, n.Bridge), n.Project)).ToDictionary(s => s.Path, s => s.Project);
        foreach (var e in ((ISysctlStore)store).All()) settings[e.Path] = e.Owner;
        return settings;
    }

    // One that cannot be read is told when it is to be put back.
    private static ProjectSpec? Spec(WeftStore store, string project) =>
        store.Sketch(project) is { } row ? SpecReader.Read(row.File, row.Text, new DiagnosticBag()) : null;
}
