using System.Diagnostics;
using Weft.Engine.Dhcp;
using Xunit;
using static Weft.Lab.Tests.Netns.Dhcp.DhcpLab;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>A dnsmasq that ended is started again by its guard, or else by the next command.</summary>
public sealed class DhcpSupervisorTests
{
    [Fact]
    public async Task A_killed_dnsmasq_is_started_again_by_its_guard()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1), Machine("dev", 1, 5, "web1"));
        using var guard = new Guard(lab);
        for (var round = 0; round < 3; round++)
        {
            var before = lab.Kill();
            await Until(() => DnsQuery.Ask(lab.Host, "10.20.1.1", "web1.dev.weft", timeoutMs: 100), a => a == "10.20.1.5", "nobody answers");
            Assert.NotEqual(before, lab.Pid);
        }
        Assert.Equal(2, lab.Read().Count);
    }

    [Fact]
    public async Task The_guard_lets_commands_exchange_dnsmasq_and_ends_with_the_last_network()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Bridge("ops", 2);
        lab.Create(Scope("dev", 1));
        using var guard = new Guard(lab);
        lab.Create(Scope("ops", 2));
        var pid = lab.Pid;
        lab.Kill();
        await Until(() => lab.Runs && lab.Pid != pid, x => x, "the guard did not follow");
        Assert.Equal(2, lab.Read().Count);
        lab.Delete(Scope("dev", 1), Scope("ops", 2));
        Assert.True(guard.Ended.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.False(lab.Runs);
        Assert.DoesNotContain(guard.Said, s => s.Contains("exit code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_guard_the_next_command_notices()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1));
        Assert.False(DhcpWatch.IsGuarded(lab.Paths));
        using (var guard = new Guard(lab)) Assert.True(DhcpWatch.IsGuarded(lab.Paths));
        await Until(() => DhcpWatch.IsGuarded(lab.Paths), x => !x, "a guard that ended still holds its lock");
        lab.Kill();
        Assert.True(lab.Host.Run(() => DhcpWatch.EnsureRunning(lab.Paths)));
        Assert.False(lab.Host.Run(() => DhcpWatch.EnsureRunning(lab.Paths)));
        Assert.Single(lab.Read());
    }

    [Fact]
    public async Task A_killed_process_guards_no_more()
    {
        using var lab = new DhcpLab();
        Directory.CreateDirectory(lab.Paths.Run);
        using var holder = Process.Start(new ProcessStartInfo("flock", [lab.Paths.GuardLock, "--command", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());
        Assert.True(DhcpWatch.IsGuarded(lab.Paths));
        holder.Kill(entireProcessTree: true);
        holder.WaitForExit();
        // Until: a process that another test starts at this moment has this one's descriptors until it executes its program.
        await Until(() => DhcpWatch.IsGuarded(lab.Paths), x => !x, "the lock outlives its holder");
    }

    private sealed class Guard : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<string> _said = [];
        private readonly Thread _thread;

        internal Guard(DhcpLab lab)
        {
            _thread = new Thread(() => lab.Host.Run(() => DhcpSupervisor.Run(lab.Paths, () => { }, s => { lock (_said) _said.Add(s); }, TimeProvider.System, _stop.Token)));
            _thread.Start();
            SpinWait.SpinUntil(() => DhcpWatch.IsGuarded(lab.Paths), TimeSpan.FromSeconds(10));
            new Thread(() => { _thread.Join(); Ended.Set(); }).Start();
        }

        internal ManualResetEvent Ended { get; } = new(false);

        internal string[] Said { get { lock (_said) return [.. _said]; } }

        public void Dispose()
        {
            _stop.Cancel();
            Ended.WaitOne();
            _stop.Dispose();
        }
    }
}
