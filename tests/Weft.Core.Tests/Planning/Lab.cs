using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Core.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Planning;

/// <summary>A host in memory, on which projects are built as the engine builds them.</summary>
internal sealed class Lab
{
    private readonly Random _random = new(7);

    /// <summary>Two NICs, the default routes by eth0, eth1 free.</summary>
    public static HostModel Host { get; } = new()
    {
        Links =
        [
            new HostLink(1, "lo", "", null, 65536) { Up = true, Carrier = true, Loopback = true },
            Nic(2, "eth0", 1), Nic(3, "eth1", 2), new HostLink(4, "wlan0", "", Mac(3), 1500) { Up = true, Carrier = true, Wireless = true },
        ],
        Addresses = [new HostAddress("eth0", IpPrefix.Parse("192.0.2.10/24"), true, 0)],
        Routes =
        [
            new HostRoute(IpPrefix.Parse("0.0.0.0/0"), "eth0", IpPrefix.Parse("192.0.2.1").Address, 254, 0, 3),
            new HostRoute(IpPrefix.Parse("::/0"), "eth0", IpPrefix.Parse("fe80::1").Address, 254, 1024, 9),
            new HostRoute(IpPrefix.Parse("192.0.2.0/24"), "eth0", null, 254, 0, 2),
        ],
        Features = [HostFeatures.BridgeNames, HostFeatures.BridgeVlan, HostFeatures.ConnLimit, HostFeatures.Ipv6, HostFeatures.Ipv6ForceForwarding, HostFeatures.SynProxy, HostFeatures.Vlan8021q],
    };

    /// <summary>What was given out so far.</summary>
    public AllocationState Given { get; private set; } = AllocationState.Empty;

    private static HostLink Nic(int index, string name, ulong mac) => new(index, name, "", Mac(mac), 1500) { Up = true, Carrier = true, MinMtu = 68, MaxMtu = 9216 };

    private static MacAddress Mac(ulong n) => new(0x02_00_00_00_00_00 | n);

    /// <summary>Reads a file; it must be without fault.</summary>
    public static ProjectSpec Read(string name, string text)
    {
        var faults = new DiagnosticBag();
        var spec = SpecReader.Load(name, text, faults);
        return spec ?? throw new InvalidDataException(string.Join('\n', faults.Items));
    }

    /// <summary>Every example of the repository.</summary>
    public static IEnumerable<ProjectSpec> Examples() =>
        Directory.EnumerateFiles(RepoFiles.Path("examples"), "*.yaml").Order(StringComparer.Ordinal).Select(f => Read(Path.GetFileName(f), File.ReadAllText(f)));

    /// <summary>Allocates and builds; keeps the allocations.</summary>
    public BuildResult Build(ProjectSpec spec, HostModel? host = null)
    {
        var result = Allocator.Allocate(spec, host ?? Host, Given, new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero), _random.NextBytes);
        Assert.True(result.Succeeded, string.Join('\n', result.Diagnostics));
        var before = Given;
        Given = result.State;
        return ProjectBuilder.Build(spec, host ?? Host, Given, before);
    }

    /// <summary>Builds what must be without error.</summary>
    public ImmutableArray<Resource> Resources(ProjectSpec spec, HostModel? host = null)
    {
        var result = Build(spec, host);
        Assert.True(result.Succeeded, string.Join('\n', result.Notes));
        return result.Resources;
    }

    /// <summary>Carries out steps on a dictionary, checking that each finds what it expects.</summary>
    public static void Apply(Dictionary<ResourceKey, Resource> host, IEnumerable<Step> steps)
    {
        foreach (var s in steps)
        {
            Assert.Equal(s.Before, host.GetValueOrDefault(s.Key));
            if (s.After is null) host.Remove(s.Key);
            else host[s.Key] = s.After;
        }
    }
}
