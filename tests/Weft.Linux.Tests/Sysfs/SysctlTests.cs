using Weft.Linux.Libc;
using Weft.Linux.Sysfs;
using Weft.Tests;

namespace Weft.Linux.Tests.Sysfs;

public class SysctlTests
{
    [Fact]
    public void A_value_written_in_a_namespace_is_read_there_and_nowhere_else()
    {
        using TestNamespace one = new(), other = new();
        one.Run(() => Sysctl.Write("net/ipv4/ip_forward", "1"));
        Assert.Equal("1", one.Run(() => Sysctl.Read("net/ipv4/ip_forward")));
        Assert.Equal("0", other.Run(() => Sysctl.Read("net/ipv4/ip_forward")));
        Assert.Contains("net.ipv4.ip_forward = 1", one.Exec("sysctl", "net.ipv4.ip_forward"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_with_a_dot_in_its_name_is_found()
    {
        using var ns = new TestNamespace();
        ns.Ip("link", "add", "eth0.5", "type", "bridge");
        ns.Run(() => Sysctl.Write("net/ipv4/conf/eth0.5/forwarding", "1"));
        Assert.Equal("1", ns.Run(() => Sysctl.TryRead("net/ipv4/conf/eth0.5/forwarding")));
    }

    [Fact]
    public void Absent_settings_are_null_or_say_which_and_why()
    {
        const string Path = "net/ipv4/conf/nolink/forwarding";
        Assert.Null(Sysctl.TryRead(Path));
        Assert.False(Sysctl.Exists(Path));
        Assert.True(Sysctl.Exists("net/ipv4/conf/lo/forwarding"));
        var e = Assert.Throws<LinuxException>(() => Sysctl.Write(Path, "1"));
        Assert.Equal(Errno.ENOENT, e.Errno);
        Assert.StartsWith($"set {Path} to 1: No such file or directory", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_the_kernel_does_not_take_is_refused_in_its_words()
    {
        using var ns = new TestNamespace();
        var e = Assert.Throws<LinuxException>(() => ns.Run(() => Sysctl.Write("net/ipv4/ip_forward", "often")));
        Assert.Equal(Errno.EINVAL, e.Errno);
        Assert.Equal("0", ns.Run(() => Sysctl.Read("net/ipv4/ip_forward")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("net/../../etc/passwd")]
    [InlineData("net//ipv4")]
    [InlineData("net/ipv4/ip_forward\0x")]
    public void Paths_cannot_leave_proc_sys(string path) => Assert.Throws<ArgumentException>(() => Sysctl.Read(path));
}
