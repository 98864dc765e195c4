using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Route;
using Xunit;

namespace Weft.Lab.Tests.Netns.Drivers;

public class SysctlDriverTests
{
    private const string Nic = "net/ipv4/conf/eth1/forwarding";
    private const string Own = "net/ipv6/conf/wb-dev/accept_ra";

    private sealed class Memory : ISysctlStore
    {
        private readonly Dictionary<string, SysctlEntry> _entries = [];
        public List<string> Calls { get; } = [];
        public Action? OnPut { get; set; }

        public IReadOnlyList<SysctlEntry> All() => [.. _entries.Values];

        public void Put(IReadOnlyCollection<SysctlEntry> entries)
        {
            OnPut?.Invoke();
            Calls.Add($"put {entries.Count}");
            foreach (var e in entries) _entries[e.Path] = e;
        }

        public void Remove(IReadOnlyCollection<string> paths)
        {
            Calls.Add($"remove {paths.Count}");
            foreach (var p in paths) _entries.Remove(p);
        }
    }

    private static SysctlResource Shared(string path, string value) => new(Resource.Shared, "", path, value);

    private static SysctlResource OfBridge(string path, string value) => new("lab", "dev", path, value);

    private static string Value(string path) => File.ReadAllText($"/proc/sys/{path}").TrimEnd();

    private static void Run(Action<DriverLab, RouteSocket, SysctlDriver, Memory> test) => DriverLab.Run((lab, route) =>
    {
        new BridgeDriver(route).Create(DriverLab.Bridge());
        lab.Ip("link", "add", "eth1", "type", "veth", "peer", "name", "wire");
        var store = new Memory();
        test(lab, route, new SysctlDriver(store, route), store);
    });

    [Fact]
    public void What_is_set_is_read_back_and_put_back() => Run((_, _, driver, _) =>
    {
        var ports = Value("net/ipv4/ip_local_port_range");
        driver.Survives(Shared(Nic, "1"), Shared(Own, "0"), Shared("net/ipv4/ip_local_port_range", "20000\t30000"));
        Assert.Equal(("0", "1", ports), (Value(Nic), Value(Own), Value("net/ipv4/ip_local_port_range")));
    });

    [Fact]
    public void The_value_from_before_is_kept_through_all_changes() => Run((_, _, driver, store) =>
    {
        File.WriteAllText("/proc/sys/net/ipv6/conf/eth1/accept_ra", "1");
        const string path = "net/ipv6/conf/eth1/accept_ra";
        driver.Create(Shared(path, "2"));
        driver.Change(Shared(path, "2"), Shared(path, "0"));
        driver.Create(Shared(path, "2"));
        driver.Has(Shared(path, "2"));
        Assert.Equal("1", Assert.Single(store.All()).Original);
        driver.Delete(Shared(path, "2"));
        Assert.Equal("1", Value(path));
        Assert.Empty(store.All());
    });

    [Fact]
    public void Values_are_those_from_before_the_whole_batch() => Run((_, _, driver, store) =>
    {
        SysctlResource[] both = [Shared("net/ipv6/conf/all/forwarding", "1"), Shared("net/ipv6/conf/eth1/forwarding", "1")];
        driver.Create(both);
        Assert.All(store.All(), e => Assert.Equal("0", e.Original));
        Assert.Equal(["put 2"], store.Calls);
        driver.Delete([.. both.Reverse()]);
        Assert.Equal(["put 2", "remove 2"], store.Calls);
        Assert.Equal(("0", "0"), (Value(both[0].Path), Value(both[1].Path)));
    });

    [Fact]
    public void The_store_is_written_before_the_kernel() => Run((_, _, driver, store) =>
    {
        store.OnPut = () => throw new IOException("disk full");
        Assert.Throws<IOException>(() => driver.Create(Shared(Nic, "1")));
        Assert.Equal("0", Value(Nic));
        var seen = "";
        store.OnPut = () => seen = Value(Nic);
        driver.Create(Shared(Nic, "1"));
        Assert.Equal(("0", "1"), (seen, Value(Nic)));
    });

    [Fact]
    public void A_crash_between_store_and_kernel_is_undone() => Run((_, _, driver, store) =>
    {
        store.Put([new SysctlEntry(Nic, Resource.Shared, "", "1", "0")]);
        Assert.Equal(Shared(Nic, "0"), Assert.Single(driver.All()));
        driver.Delete(Shared(Nic, "1"));
        Assert.Equal("0", Value(Nic));
        driver.Has();
    });

    [Fact]
    public void A_setting_of_an_own_bridge_in_an_earlier_versions_journal_becomes_the_default_again_and_is_not_kept() => Run((lab, _, driver, store) =>
    {
        var disable = OfBridge("net/ipv6/conf/wb-dev/disable_ipv6", "1");
        driver.Create(disable);
        Assert.Equal("1", Value(disable.Path));
        Assert.Empty(store.All());
        driver.Has();
        driver.Delete(disable);
        Assert.Equal("0", Value(disable.Path));
        driver.Create(disable);
        lab.Ip("link", "delete", "wb-dev");
        driver.Delete(disable);
        Assert.DoesNotContain(store.Calls, c => c.StartsWith("put", StringComparison.Ordinal));
    });

    [Fact]
    public void What_others_need_of_an_own_bridge_has_its_value_from_before() => Run((_, _, driver, store) =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/conf/wb-dev/forwarding", "1");
        driver.Create(Shared("net/ipv4/conf/wb-dev/forwarding", "1"));
        Assert.Equal("1", Assert.Single(store.All()).Original);
        driver.Delete(Shared("net/ipv4/conf/wb-dev/forwarding", "1"));
        Assert.Equal("1", Value("net/ipv4/conf/wb-dev/forwarding"));
    });

    [Fact]
    public void What_drifted_is_seen_and_mended() => Run((_, _, driver, store) =>
    {
        driver.Create(Shared(Nic, "1"));
        File.WriteAllText($"/proc/sys/{Nic}", "0");
        Assert.Equal(Shared(Nic, "0"), Assert.Single(driver.All()));
        driver.Change(Shared(Nic, "0"), Shared(Nic, "1"));
        driver.Has(Shared(Nic, "1"));
        Assert.Equal("0", Assert.Single(store.All()).Original);
    });

    [Fact]
    public void What_weft_did_not_set_is_not_read_and_not_put_back() => Run((_, _, driver, store) =>
    {
        File.WriteAllText($"/proc/sys/{Nic}", "1");
        Assert.Empty(driver.Only(new ResourceKey(ResourceKind.Sysctl, Nic)));
        driver.Delete(Shared(Nic, "1"));
        Assert.Equal("1", Value(Nic));
    });

    [Fact]
    public void Refusals_name_the_setting_and_the_reason() => Run((_, _, driver, store) =>
    {
        Assert.Equal("set net/ipv4/conf/none/forwarding to 1: this kernel has no such setting; see whether its module is loaded and its link is there",
            Assert.Throws<DriverException>(() => driver.Create(Shared("net/ipv4/conf/none/forwarding", "1"))).Message);
        Assert.Empty(store.All());
        var e = Assert.ThrowsAny<IOException>(() => driver.Create(Shared("net/ipv4/ip_local_port_range", "9 x")));
        Assert.StartsWith("set net/ipv4/ip_local_port_range to 9 x: Invalid argument", e.Message);
        driver.Delete(Shared("net/ipv4/ip_local_port_range", "9 x"));
        Assert.Empty(store.All());
    });
}
