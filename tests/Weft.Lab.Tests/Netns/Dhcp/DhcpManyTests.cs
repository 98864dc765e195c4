using Weft.Core.Resources;
using Xunit;
using static Weft.Lab.Tests.Netns.Dhcp.DhcpLab;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>One process serves as many networks as the host has.</summary>
public sealed class DhcpManyTests
{
    [Fact]
    public async Task More_networks_than_a_user_has_inotify_instances_are_served_by_one_process()
    {
        const int Count = 140; // fs.inotify.max_user_instances is 128, where servers with a process per network end
        // Milliseconds. In its first minute dnsmasq advertises routers on all of them, which takes a busy machine seconds.
        const int Patience = 30_000;
        using var lab = new DhcpLab();
        for (var i = 0; i < Count; i++) lab.Bridge($"wn{i}", i);
        Resource[] all = [.. Enumerable.Range(0, Count).SelectMany(i => new Resource[] { Scope($"wn{i}", i), Machine($"wn{i}", i, 5, "web1") }).OrderBy(r => r.Key.Kind)];
        lab.Create(all);
        foreach (var i in new[] { 0, 1, 127, 128, Count - 1 }) Assert.Equal($"10.20.{i}.5", DnsQuery.Ask(lab.Host, $"10.20.{i}.1", $"web1.wn{i}.weft", timeoutMs: Patience));
        Assert.Equal(all.Length, lab.Read().Count);
        var web = Machine("wn120", 120, 5, "web1");
        Assert.Equal("10.20.120.5", DhcpClientRun.Udhcpc(lab.Attach("wn120", web.Mac), "-t", "30")["ip"]);
        Assert.Equal("wn120", Assert.Single(await lab.Leases(1)).Network);
    }
}
