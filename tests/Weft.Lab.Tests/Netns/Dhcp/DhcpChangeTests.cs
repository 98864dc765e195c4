using System.Net;
using Weft.Core.Resources;
using Weft.Engine.Dhcp;
using Xunit;
using static Weft.Lab.Tests.Netns.Dhcp.DhcpLab;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>What changes while dnsmasq serves, and what does not.</summary>
public sealed class DhcpChangeTests
{
    [Fact]
    public async Task A_machine_is_added_and_removed_without_a_restart()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1));
        var pid = lab.Pid;
        var web = Machine("dev", 1, 5, "web1");
        lab.Create(web);
        await Until(() => DnsQuery.Ask(lab.Host, "10.20.1.1", "web1.dev.weft"), a => a == "10.20.1.5", "the new name is not answered");
        Assert.Equal("10.20.1.5", DhcpClientRun.Udhcpc(lab.Attach("dev", web.Mac))["ip"]);
        lab.Delete(web);
        await Until(() => DnsQuery.Ask(lab.Host, "10.20.1.1", "web1.dev.weft"), a => a == "rcode 3", "the name of the machine that went is still answered");
        Assert.Equal(pid, lab.Pid);
        Assert.DoesNotContain(web, lab.Read());
    }

    [Fact]
    public async Task An_address_of_a_machine_that_went_is_given_to_another_at_once()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var first = Machine("dev", 1, 5, "web1");
        var second = Machine("dev", 1, 6, "web2") with { Addresses = first.Addresses };
        lab.Create(Scope("dev", 1), first);
        var pid = lab.Pid;
        var machine = lab.Attach("dev", first.Mac);
        DhcpClientRun.Udhcpc(machine);
        DhcpDriverTests.WaitForLinkLocal(machine);
        DhcpClientRun.Dhclient6(machine, Path.Combine(lab.Paths.State, "client"));
        await lab.Leases(2);
        lab.Delete(first);
        await Until(() => DhcpLeases.Read(lab.Paths).Length, n => n == 0, "leases are left");
        lab.Create(second);
        await Until(() => DnsQuery.Ask(lab.Host, "10.20.1.1", "web2.dev.weft"), a => a == "10.20.1.5", "the new name is not answered");
        Assert.Equal("10.20.1.5", DhcpClientRun.Udhcpc(lab.Attach("dev", second.Mac))["ip"]);
        Assert.Equal(pid, lab.Pid);
    }

    [Fact]
    public void One_that_serves_a_namespace_that_was_made_anew_is_replaced()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1));
        var pid = lab.Pid;
        using var anew = new Weft.Tests.TestNamespace();
        Assert.Empty(anew.Run(() => new DhcpDriver(lab.Paths).Read(Engine.Drivers.ReadScope.All).ToList()));
        anew.Run(() => new DhcpDriver(lab.Paths).Apply([new Step(null, Scope("dev", 1), "test")]));
        Assert.NotEqual(pid, lab.Pid);
        Assert.Empty(lab.Read());
        Assert.Single(anew.Run(() => new DhcpDriver(lab.Paths).Read(Engine.Drivers.ReadScope.All).ToList()));
    }

    [Fact]
    public async Task A_machine_s_address_may_change_without_a_restart()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        var (web, other) = (Machine("dev", 1, 5, "web1"), Machine("dev", 1, 6, "web2"));
        lab.Create(Scope("dev", 1), web, other);
        var pid = lab.Pid;
        var moved = web with { Addresses = [IPAddress.Parse("10.20.1.77")] };
        lab.Apply(new Step(web, moved, "test"));
        await Until(() => DnsQuery.Ask(lab.Host, "10.20.1.1", "web1.dev.weft"), a => a == "10.20.1.77", "the name has its old address");
        Assert.Equal("10.20.1.6", DnsQuery.Ask(lab.Host, "10.20.1.1", "web2.dev.weft"));
        Assert.Equal("10.20.1.77", DhcpClientRun.Udhcpc(lab.Attach("dev", web.Mac))["ip"]);
        Assert.Equal(pid, lab.Pid);
    }

    [Fact]
    public async Task Adding_a_network_loses_no_lease_and_no_answer_of_another()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Bridge("ops", 2);
        var web = Machine("dev", 1, 5, "web1");
        lab.Create(Scope("dev", 1), web);
        var machine = lab.Attach("dev", web.Mac);
        DhcpClientRun.Udhcpc(machine);
        machine.Ip("address", "add", "10.20.1.5/24", "dev", "eth0");
        var before = lab.Pid;
        var answers = AskAllTheTime(machine, () => lab.Create(Scope("ops", 2)));
        Assert.NotEqual(before, lab.Pid);
        Assert.All(answers, a => Assert.Equal("10.20.1.5", a));
        Assert.Equal("10.20.1.5", Assert.Single(await lab.Leases(1)).Address.ToString());
        Assert.Equal("10.20.1.5", DhcpClientRun.Udhcpc(machine)["ip"]);
        Assert.Equal(3, lab.Read().Count);
    }

    [Fact]
    public async Task The_leases_of_a_network_go_with_it()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Bridge("ops", 2);
        var (web, run) = (Machine("dev", 1, 5, "web1"), Machine("ops", 2, 5, "run1"));
        lab.Create(Scope("dev", 1), Scope("ops", 2), web, run);
        DhcpClientRun.Udhcpc(lab.Attach("dev", web.Mac));
        DhcpClientRun.Udhcpc(lab.Attach("ops", run.Mac));
        lab.Delete(web);
        lab.Delete(Scope("dev", 1));
        Assert.Equal("10.20.2.5", Assert.Single(await lab.Leases(1)).Address.ToString());
        lab.Delete(run);
        lab.Delete(Scope("ops", 2));
        Assert.False(lab.Runs);
        Assert.Empty(lab.Read());
        Assert.Equal([lab.Paths.Lock], Directory.EnumerateFiles(lab.Paths.Run, "*", SearchOption.AllDirectories));
        Assert.False(File.Exists(lab.Paths.Leases));
    }

    [Fact]
    public void A_killed_dnsmasq_is_seen_as_drift_and_applied_again()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        Resource[] all = [Scope("dev", 1), Machine("dev", 1, 5, "web1")];
        lab.Create(all);
        lab.Kill();
        Assert.Empty(lab.Read());
        lab.Create(all);
        Assert.Equal(all, lab.Read());
        Assert.Equal("10.20.1.5", DnsQuery.Ask(lab.Host, "10.20.1.1", "web1.dev.weft"));
    }

    [Fact]
    public void What_dnsmasq_refuses_is_said_and_the_others_are_served_on()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        lab.Create(Scope("dev", 1), Machine("dev", 1, 5, "web1"));
        var refused = Scope("ops", 2);
        refused = refused with { Ranges = [refused.Ranges[0] with { Last = IPAddress.Parse("192.0.2.1") }] };
        var e = Assert.Throws<DhcpException>(() => lab.Create(refused));
        Assert.StartsWith("start dnsmasq", e.Message, StringComparison.Ordinal);
        Assert.Contains("inconsistent DHCP range", e.Message, StringComparison.Ordinal);
        Assert.Equal("10.20.1.5", DnsQuery.Ask(lab.Host, "10.20.1.1", "web1.dev.weft"));
        Assert.Equal(2, lab.Read().Count);
    }

    [Fact]
    public void A_link_name_that_dnsmasq_would_take_for_syntax_is_refused()
    {
        using var lab = new DhcpLab();
        foreach (var link in new[] { "a,b", "a*", "a\nb", "a#b" })
            Assert.Contains("syntax", Assert.Throws<DhcpException>(() => lab.Create(Scope("dev", 1) with { Link = link })).Message, StringComparison.Ordinal);
        Assert.Throws<DhcpException>(() => lab.Create(Scope("dev", 1) with { Domain = "dev.weft/\nserver=192.0.2.1" }));
        Assert.False(lab.Runs);
    }

    [Fact]
    public void A_damaged_manifest_is_said_while_dnsmasq_runs_and_written_anew_when_not()
    {
        using var lab = new DhcpLab();
        lab.Bridge("dev", 1);
        Resource[] all = [Scope("dev", 1), Machine("dev", 1, 5, "web1")];
        lab.Create(all);
        var file = Path.Combine(lab.Paths.Manifest, "dev");
        using (var f = File.OpenWrite(file)) f.SetLength(f.Length / 2);
        Assert.Contains(file, Assert.Throws<DhcpException>(() => lab.Read()).Message, StringComparison.Ordinal);
        lab.Kill();
        Assert.Empty(lab.Read());
        lab.Create(all);
        Assert.Equal(all, lab.Read());
    }

    private static List<string> AskAllTheTime(Weft.Tests.TestNamespace machine, Action meanwhile)
    {
        var answers = new List<string>();
        using var asking = new ManualResetEventSlim();
        using var done = new CancellationTokenSource();
        var thread = new Thread(() => machine.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                answers.Add(DnsQuery.Ask(IPAddress.Parse("10.20.1.1"), "web1.dev.weft", 1, 2000));
                asking.Set();
            }
        }));
        thread.Start();
        asking.Wait(TestContext.Current.CancellationToken);
        meanwhile();
        done.Cancel();
        thread.Join();
        return answers;
    }
}
