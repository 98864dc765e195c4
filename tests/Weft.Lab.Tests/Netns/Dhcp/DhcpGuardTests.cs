using System.Diagnostics;
using Weft.Engine;
using Weft.Engine.Dhcp;
using Weft.Linux.NetNs;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>The guard as weft itself starts it.</summary>
public sealed class DhcpGuardTests
{
    [Fact]
    public async Task Apply_leaves_a_guard_that_mends_and_ends_with_the_namespace()
    {
        var folder = Directory.CreateTempSubdirectory("weft-guard-").FullName;
        var file = Path.Combine(folder, "lab.yaml");
        File.WriteAllText(file, "version: 1\nname: guarded\nnetworks:\n  gdev: { mode: nat, nat: isolated, subnets: [10.87.0.0/24] }\nmachines: { web1: gdev }\n");
        using var kept = new Kept();
        var space = kept.Space;
        var paths = DhcpPaths.Of(new EngineOptions(EnginePaths.Of(space.Name, folder)) { NetNs = space.Name });
        WeftProgram.Succeed("--netns", space.Name, "--state", folder, "apply", file, "--yes");
        Assert.True(DhcpWatch.IsGuarded(paths));
        var before = Pid(paths);
        using (var process = Process.GetProcessById(before)) process.Kill();
        var after = await DhcpLab.Until(() => Pid(paths), p => p != before, "dnsmasq is not started again");
        Assert.DoesNotContain("rcode", await DhcpLab.Until(() => DnsQuery.Ask(space, "127.0.0.87", "web1.gdev.weft", timeoutMs: 100), a => a.StartsWith("10.87.", StringComparison.Ordinal), "nobody answers"), StringComparison.Ordinal);
        space.Dispose();
        await DhcpLab.Until(() => DhcpWatch.IsGuarded(paths), x => !x, "the guard outlives its namespace");
        using var orphan = Weft.Linux.Processes.ProcessHandle.Open(after);
        Assert.True(orphan?.WaitForExit(5000) ?? true, "dnsmasq outlives its namespace");
        Directory.Delete(folder, true);
        Directory.Delete(Path.GetDirectoryName(paths.Run)!, true);
    }

    private static int Pid(DhcpPaths paths) => DhcpLab.PidOf(paths);

    /// <summary>A namespace that the test may delete itself; the guard ends with it in any case.</summary>
    private sealed class Kept : IDisposable
    {
        internal TestNamespace Space { get; } = new();

        public void Dispose()
        {
            if (NetNamespace.Exists(Space.Name)) Space.Dispose();
        }
    }
}
