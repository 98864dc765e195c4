using Weft.Linux.Libc;
using Weft.Linux.Sysfs;
using Weft.Tests;

namespace Weft.Linux.Tests.Sysfs;

public class FileWatchTests
{
    [Fact]
    public void A_setting_that_is_written_is_told_also_after_the_kernel_has_dropped_its_caches()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            const string setting = "/proc/sys/net/ipv4/ip_forward";
            using var watch = new FileWatch();
            watch.Set([setting, "/proc/sys/net/ipv4/no_such_setting"]);
            Assert.Empty(watch.Read());
            File.WriteAllText(setting, "1");
            Assert.Equal([setting], watch.Read());
            File.WriteAllText("/proc/sys/vm/drop_caches", "2"); // names that nobody holds
            File.WriteAllText(setting, "0");
            Assert.Equal([setting], watch.Read());
        });
    }

    [Fact]
    public void The_same_setting_of_another_namespace_is_another()
    {
        using var one = new TestNamespace();
        using var other = new TestNamespace();
        one.Run(() =>
        {
            using var watch = new FileWatch();
            watch.Set(["/proc/sys/net/ipv4/ip_forward"]);
            other.Exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
            Assert.Empty(watch.Read());
            one.Exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
            Assert.Single(watch.Read());
        });
    }

    [Fact]
    public void Only_the_files_named_last_are_watched_and_a_signal_ends_the_waiting_too()
    {
        var folder = Directory.CreateTempSubdirectory("weft-watch-");
        var (one, two) = (Path.Combine(folder.FullName, "one"), Path.Combine(folder.FullName, "two"));
        foreach (var file in new[] { one, two }) File.WriteAllText(file, "");
        using var watch = new FileWatch();
        using var signal = new EventSignal();
        watch.Set([one]);
        watch.Set([two]);
        foreach (var file in new[] { one, two }) File.WriteAllText(file, "x");
        Assert.True(Poll.Any(Timeout.InfiniteTimeSpan, watch.Descriptor, signal.Descriptor));
        Assert.Equal([two], watch.Read());
        Assert.False(Poll.Any(TimeSpan.FromMilliseconds(1), watch.Descriptor, signal.Descriptor));
        signal.Set();
        Assert.True(Poll.Any(Timeout.InfiniteTimeSpan, watch.Descriptor, signal.Descriptor));
        Assert.True(signal.Clear());
        Assert.False(signal.Clear());
        signal.Dispose();
        signal.Set(); // a thread that comes late
        folder.Delete(true);
    }
}
