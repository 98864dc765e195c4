using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>An address that came from DHCP moves with its client: the same address, from the same server, under the same lease.</summary>
public sealed class HostDhcpTests
{
    [Fact]
    public async Task A_lease_of_dhclient_goes_on_at_the_bridge_and_back()
    {
        using var lab = new HostLab();
        using var server = DhcpServer(lab);
        WriteScript(lab);
        lab.OnHost($"dhclient -4 -1 -q -sf {lab.Root}/script -lf {lab.Root}/dhclient.eth1.leases -pf {lab.Root}/dhclient.eth1.pid eth1");
        await GoesOn(lab, "dhclient");
        Assert.Contains("interface \"br0\";", File.ReadAllText($"{lab.Root}/dhclient.br0.leases"), StringComparison.Ordinal);
        End(lab, server);
    }

    [Fact]
    public async Task A_lease_of_dhcpcd_goes_on_at_the_bridge_and_back()
    {
        using var lab = new HostLab();
        using var server = DhcpServer(lab);
        Directory.CreateDirectory($"{lab.Root}/etc");
        File.WriteAllText($"{lab.Root}/etc/dhcpcd.conf", "duid\npersistent\nscript /bin/true\n");
        lab.OnHost($"dhcpcd -f {lab.Root}/etc/dhcpcd.conf -4 -q --noarp eth1");
        await GoesOn(lab, "dhcpcd");
        End(lab, server);
        foreach (var link in new[] { "eth1", "br0" }) File.Delete($"/var/lib/dhcpcd/{link}.lease");
    }

    [Theory]
    [InlineData("dhclient")]
    [InlineData("dhcpcd")]
    public async Task A_lease_of_NetworkManagers_goes_on_at_the_bridge_by_another_client(string tool)
    {
        using var lab = new HostLab();
        using var server = DhcpServer(lab);
        // A process of that name, its lease, and an address that the server gave under the identifier that NetworkManager says.
        Directory.CreateDirectory($"{lab.Root}/usr/sbin");
        File.CreateSymbolicLink($"{lab.Root}/usr/sbin/{tool}", $"/sbin/{tool}");
        File.Copy("/bin/sleep", $"{lab.Root}/NetworkManager");
        foreach (var (path, text) in new[] { ("var/lib/NetworkManager/internal-uuid-eth1.lease", "ADDRESS=10.9.0.123\n"), ("etc/dhcpcd.conf", "script /bin/true\n"), ("etc/dhcp/dhclient.conf", $"script \"{lab.Root}/script\";\n") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName($"{lab.Root}/{path}")!);
            File.WriteAllText($"{lab.Root}/{path}", text);
        }
        WriteScript(lab);
        using var manager = HostLab.Start(lab.Host, $"{lab.Root}/NetworkManager", "600");
        var mac = lab.OnHost("cat /sys/class/net/eth1/address").Trim();
        lab.OnHost("dhcpcd -4 -1 -q -f /dev/null -c /bin/true --noarp -I 01:" + mac + " eth1");
        var address = Regex.Match(lab.OnHost("ip -4 address show dev eth1"), @"inet (10\.9\.0\.\d+)/24").Groups[1].Value;
        foreach (var id in HostLab.Run($"ip netns pids {lab.Host}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(id => id != $"{manager.Id}")) HostLab.Run($"kill -9 {id}");
        var asked = Acknowledged(lab, address);
        lab.AddBridge();
        lab.Attach();
        Assert.Contains($"inet {address}/24", lab.OnHost("ip -4 address show dev br0"), StringComparison.Ordinal);
        await Until(() => Acknowledged(lab, address) > asked, $"{tool} has not asked on the bridge\n{Log(lab)}");
        Assert.Equal(["br0"], Served(lab, tool));
        Assert.EndsWith($" 01:{mac}", Assert.Single(File.ReadAllLines($"{lab.Root}/leases")), StringComparison.Ordinal);
        lab.Detach();
        Assert.Contains($"inet {address}/24", lab.OnHost("ip -4 address show dev eth1"), StringComparison.Ordinal);
        Assert.Empty(Served(lab, tool));
        manager.Kill();
        End(lab, server);
        foreach (var file in new[] { "/var/lib/dhcpcd/eth1.lease", "/var/lib/dhcpcd/br0.lease", "/var/lib/dhcp/dhclient.br0.leases" }) File.Delete(file);
    }

    private static async Task GoesOn(HostLab lab, string tool)
    {
        var address = Regex.Match(lab.OnHost("ip -4 address show dev eth1"), @"inet (10\.9\.0\.\d+)/24").Groups[1].Value;
        Assert.NotEmpty(address);
        var asked = Acknowledged(lab, address);
        lab.AddBridge();
        lab.Attach();
        Assert.Contains($"inet {address}/24", lab.OnHost("ip -4 address show dev br0"), StringComparison.Ordinal);
        Assert.Contains("default via 10.9.0.1 dev br0", lab.OnHost("ip route"), StringComparison.Ordinal);
        await Until(() => Acknowledged(lab, address) > asked, $"{tool} has not asked on the bridge\n{Log(lab)}");
        Assert.Contains("dynamic", lab.OnHost("ip -4 address show dev br0"), StringComparison.Ordinal);
        Assert.Equal(["br0"], Served(lab, tool));
        asked = Acknowledged(lab, address);
        lab.Detach();
        Assert.Contains($"inet {address}/24", lab.OnHost("ip -4 address show dev eth1"), StringComparison.Ordinal);
        await Until(() => Acknowledged(lab, address) > asked, $"{tool} has not asked on the NIC again\n{Log(lab)}");
        Assert.Equal(["eth1"], Served(lab, tool));
        Assert.Contains("default via 10.9.0.1 dev eth1", lab.OnHost("ip route"), StringComparison.Ordinal);
        Assert.DoesNotContain("DHCPRELEASE", Log(lab), StringComparison.Ordinal);
    }

    private static Process DhcpServer(HostLab lab)
    {
        lab.OnLan("ip address add 10.9.0.1/24 dev peer");
        return HostLab.Start(lab.Lan, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--log-dhcp", $"--log-facility={lab.Root}/log", "--user=root",
            "--dhcp-range=10.9.0.100,10.9.0.150,10m", "--dhcp-option=3,10.9.0.1", $"--dhcp-leasefile={lab.Root}/leases", "--interface=peer", "--bind-interfaces",
            "--dhcp-authoritative", "--no-ping", $"--pid-file={lab.Root}/dnsmasq.pid");
    }

    /// <summary>dhclient's own script, but for the files of the machine that it would change.</summary>
    private static void WriteScript(HostLab lab)
    {
        var text = File.ReadAllText("/sbin/dhclient-script")
            .Replace("/etc/", $"{lab.Root}/etc/", StringComparison.Ordinal).Replace("        set_hostname", "        :", StringComparison.Ordinal);
        Directory.CreateDirectory($"{lab.Root}/etc");
        File.WriteAllText($"{lab.Root}/script", text);
        HostLab.Run($"chmod 700 {lab.Root}/script");
    }

    private static string Log(HostLab lab) => File.ReadAllText($"{lab.Root}/log");

    private static int Acknowledged(HostLab lab, string address) => Regex.Count(Log(lab), $@"DHCPACK\(peer\) {Regex.Escape(address)} ");

    /// <summary>The links that processes of the tool in the host's namespace name.</summary>
    private static string[] Served(HostLab lab, string tool) =>
        [.. HostLab.Run($"ip netns pids {lab.Host}").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => $"/proc/{id}/cmdline").Where(File.Exists).Select(f => File.ReadAllText(f).Replace('\0', ' '))
            .Where(c => c.Contains(tool, StringComparison.Ordinal))
            .SelectMany(c => c.Split(' ')).Where(w => w is "eth1" or "br0").Distinct()];

    private static void End(HostLab lab, Process server)
    {
        server.Kill();
        foreach (var id in HostLab.Run($"ip netns pids {lab.Host}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (File.Exists($"/proc/{id}/comm")) Process.GetProcessById(int.Parse(id)).Kill();
    }

    private static async Task Until(Func<bool> condition, string otherwise)
    {
        for (var i = 0; i < 300; i++)
        {
            if (condition()) return;
            await Task.Delay(50);
        }
        Assert.Fail(otherwise);
    }
}
