using Weft.Linux.Libc;
using Weft.Linux.NetNs;
using Weft.Tests;

namespace Weft.Linux.Tests.NetNs;

public class NetNamespaceTests
{
    [Fact]
    public void A_namespace_is_one_that_ip_netns_knows()
    {
        var name = $"weftt-{Environment.ProcessId}-known";
        NetNamespace.Create(name);
        try
        {
            Assert.True(NetNamespace.Exists(name));
            Assert.Contains(name, NetNamespace.List());
            using var ns = new TestNamespace();
            Assert.Contains(name, ns.Ip("netns", "list"), StringComparison.Ordinal);
            Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => NetNamespace.Create(name)).Errno);
        }
        finally
        {
            NetNamespace.Delete(name);
        }
        Assert.False(NetNamespace.Exists(name));
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => NetNamespace.Delete(name)).Errno);
    }

    [Fact]
    public void A_thread_inside_sees_the_namespace_and_the_caller_stays_outside()
    {
        using var ns = new TestNamespace();
        ns.Ip("link", "add", "only-here", "type", "bridge");
        var outside = NetNamespace.CurrentInode;
        var (inode, links) = ns.Run(() => (NetNamespace.CurrentInode, Directory.GetDirectories("/sys/class/net").Select(Path.GetFileName)));
        Assert.NotEqual(outside, inode);
        Assert.Equal(outside, NetNamespace.CurrentInode);
        Assert.Contains("only-here", links);
        Assert.False(Directory.Exists("/sys/class/net/only-here"));
        Assert.Equal(inode, ns.Run(() => NetNamespace.CurrentInode));
        Assert.Equal(inode, NetNamespace.InodeOf(ns.Name));
        Assert.Null(NetNamespace.InodeOf("weftt-none"));
    }

    [Fact]
    public void A_child_process_is_inside()
    {
        using var ns = new TestNamespace();
        var child = ns.Run(() =>
        {
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo("readlink", ["/proc/self/ns/net"]) { RedirectStandardOutput = true })!;
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return text.Trim();
        });
        Assert.Equal($"net:[{ns.Run(() => NetNamespace.CurrentInode)}]", child);
    }

    [Fact]
    public void Files_of_the_namespace_are_seen_in_the_place_of_those_in_etc()
    {
        using var ns = new TestNamespace();
        var folder = $"/etc/netns/{ns.Name}";
        var outside = File.ReadAllText("/etc/hosts");
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText($"{folder}/hosts", "192.0.2.7 only-inside\n");
            File.WriteAllText($"{folder}/no-such-file-in-etc", "");
            Assert.Equal("192.0.2.7 only-inside\n", ns.Run(() => File.ReadAllText("/etc/hosts")));
            Assert.Equal(outside, File.ReadAllText("/etc/hosts"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void No_name_is_the_namespace_of_the_process()
    {
        Assert.Equal(NetNamespace.CurrentInode, NetNamespace.Run(null, () => NetNamespace.CurrentInode));
    }

    [Fact]
    public void An_exception_comes_back_as_it_was_thrown()
    {
        using var ns = new TestNamespace();
        var thrown = Assert.Throws<InvalidTimeZoneException>(() => ns.Run(ThrowHere));
        Assert.Contains(nameof(ThrowHere), thrown.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_namespace_is_told_with_those_there_are()
    {
        using var ns = new TestNamespace();
        var thrown = Assert.Throws<LinuxException>(() => NetNamespace.Run("weftt-none", () => 0));
        Assert.Equal(Errno.ENOENT, thrown.Errno);
        Assert.Contains(ns.Name, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void A_name_that_leads_elsewhere_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => NetNamespace.Create(name));

    private static int ThrowHere() => throw new InvalidTimeZoneException("as thrown");
}
