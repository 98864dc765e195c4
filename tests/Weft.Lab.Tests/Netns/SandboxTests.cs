using System.Diagnostics;
using System.Text.Json;
using Weft.Linux.NetNs;
using Weft.Linux.Processes;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>weft sandbox, as a person types it.</summary>
public sealed class SandboxTests : IDisposable
{
    private static int s_last;
    private readonly string _name = $"wsb{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}";
    private string World => _name + "-world";
    private string State => $"/var/lib/weft/netns/{_name}";
    private string Folder => $"/run/weft/sandbox/{_name}";

    public void Dispose() => WeftProgram.Succeed("sandbox", "down", _name);

    [Theory]
    [InlineData("http://203.0.113.10", "hello from the world, 192.0.2.2")]
    [InlineData("http://[2001:db8:113::10]", "hello from the world, 2001:db8:2::2")]
    [InlineData("http://www.example.com", "hello from the world, ")]
    public void The_host_reaches_the_world(string url, string answer)
    {
        Up();
        Assert.StartsWith(answer, Inside("busybox", "wget", "-qO-", url), StringComparison.Ordinal);
    }

    [Fact]
    public void The_office_lan_gives_addresses_out()
    {
        Up();
        // -n: give up instead of going on for ever; -q: end with the lease; /bin/true: take no address
        var ended = WeftProgram.Run("sandbox", "exec", _name, "--", "busybox", "udhcpc", "-i", "eth1", "-n", "-q", "-s", "/bin/true");
        Assert.Contains("lease of 198.51.100.1", ended.Output + ended.Errors, StringComparison.Ordinal);
        var addresses = Inside("ip", "-br", "address", "show", "dev", "eth1");
        Assert.Contains("198.51.100.2/24 2001:db8:51::2/64", addresses, StringComparison.Ordinal);
    }

    [Fact]
    public void Up_says_what_it_made_and_what_to_type_next()
    {
        var text = Up();
        Assert.Contains($"weft --netns {_name} plan examples/first.yaml", text, StringComparison.Ordinal);
        Assert.Contains(World, text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(WeftProgram.Succeed("sandbox", "up", _name, "--json"));
        Assert.Equal(_name, json.RootElement.GetProperty("sandbox").GetProperty("netns").GetString());
        Assert.False(json.RootElement.GetProperty("sandbox").GetProperty("new").GetBoolean());
        Assert.Contains($"{_name}  up", WeftProgram.Succeed("sandbox", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public void Up_again_keeps_the_sandbox_and_starts_what_has_ended()
    {
        Up();
        var inode = NetNamespace.InodeOf(_name);
        Inside("ip", "link", "add", "mine", "type", "bridge");
        foreach (var id in Pids(World)) Kill(id);
        Assert.Contains("up", Up(), StringComparison.Ordinal);
        Assert.Equal(inode, NetNamespace.InodeOf(_name));
        Assert.Contains("mine", Inside("ip", "link"), StringComparison.Ordinal);
        Assert.Contains("hello", Inside("busybox", "wget", "-qO-", "http://www.example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public void Down_removes_everything_and_what_runs_inside()
    {
        Up();
        using var inside = WeftProgram.Start("sandbox", "exec", _name, "--", "cat");
        inside.StandardInput.WriteLine("here");
        Assert.Equal("here", inside.StandardOutput.ReadLine());
        Assert.Contains($"{inside.Id}\n", Tool("ip", "netns", "pids", _name), StringComparison.Ordinal);
        Directory.CreateDirectory(State);
        WeftProgram.Succeed("sandbox", "down", _name);
        Assert.True(inside.WaitForExit(0));
        AssertGone();
        Assert.Contains("no sandbox", WeftProgram.Succeed("sandbox", "down", _name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run/weft/sandbox/NAME")]
    [InlineData("/run/netns/NAME")]
    [InlineData("/run/netns/NAME-world")]
    [InlineData("/etc/netns/NAME/resolv.conf")]
    [InlineData("/run/weft/sandbox/NAME/dnsmasq.conf")]
    [InlineData("/run/weft/sandbox/NAME/dnsmasq.pid")]
    public void Killed_half_way_it_is_made_whole_or_removed(string seen)
    {
        KillUpAt(seen.Replace("NAME", _name, StringComparison.Ordinal));
        Up();
        Assert.Contains("hello", Inside("busybox", "wget", "-qO-", "http://www.example.com"), StringComparison.Ordinal);
        WeftProgram.Succeed("sandbox", "down", _name);
        KillUpAt(seen.Replace("NAME", _name, StringComparison.Ordinal));
        WeftProgram.Succeed("sandbox", "down", _name);
        AssertGone();
    }

    [Fact]
    public void A_namespace_of_someone_else_is_left_alone()
    {
        NetNamespace.Create(World);
        try
        {
            var ended = WeftProgram.Run("sandbox", "up", _name);
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains($"/run/netns/{World} is there and not Weft's", ended.Errors, StringComparison.Ordinal);
            Assert.False(NetNamespace.Exists(_name));
            WeftProgram.Succeed("sandbox", "down", _name);
            Assert.True(NetNamespace.Exists(World));
        }
        finally
        {
            NetNamespace.Delete(World);
        }
    }

    [Fact]
    public void What_a_reboot_leaves_behind_is_in_nobody_s_way()
    {
        Up();
        var resolver = $"/etc/netns/{_name}/resolv.conf";
        var text = File.ReadAllText(resolver);
        WeftProgram.Succeed("sandbox", "down", _name);
        Directory.CreateDirectory(Path.GetDirectoryName(resolver)!);
        File.WriteAllText(resolver, text);
        Directory.CreateDirectory(State);
        File.WriteAllText($"{State}/old", "");
        Up();
        Assert.False(File.Exists($"{State}/old"));
        WeftProgram.Succeed("sandbox", "down", _name);
        Directory.CreateDirectory(Path.GetDirectoryName(resolver)!);
        File.WriteAllText(resolver, "nameserver 192.0.2.99\n");
        Assert.Contains("not Weft's", WeftProgram.Run("sandbox", "up", _name).Errors, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(resolver)!, true);
    }

    [Fact]
    public void Exec_is_the_program_itself()
    {
        Up();
        Assert.Equal(7, WeftProgram.Run("sandbox", "exec", _name, "--", "sh", "-c", "exit 7").ExitCode);
        Assert.Equal("a b|--json|\n", Inside("sh", "-c", "printf '%s|' \"$@\"; echo", "sh", "a b", "--json"));
        // What the runtime ignores, the program does not: bit 12 is SIGPIPE.
        Assert.Contains("SigIgn:\t0000000000000000", Inside("cat", "/proc/self/status"), StringComparison.Ordinal);
        var missing = WeftProgram.Run("sandbox", "exec", _name, "--", "no-such-program");
        Assert.Contains("run no-such-program: No such file", missing.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void From_inside_neither_up_nor_down()
    {
        Up();
        var nested = WeftProgram.Run("--netns", _name, "sandbox", "up", "other");
        Assert.Contains("leave --netns out", nested.Errors, StringComparison.Ordinal);
        var suicide = WeftProgram.Run("sandbox", "exec", _name, "--", WeftProgram.Path, "sandbox", "down", _name);
        Assert.Contains("leave it first", suicide.Errors, StringComparison.Ordinal);
        Assert.NotNull(NetNamespace.InodeOf(_name));
    }

    [Fact]
    public void The_machine_itself_is_not_touched()
    {
        var before = Machine();
        Up();
        Assert.Equal(before, Machine());
        WeftProgram.Succeed("sandbox", "down", _name);
        Assert.Equal(before, Machine());
    }

    private string Up() => WeftProgram.Succeed("sandbox", "up", _name);

    private string Inside(params string[] command) => WeftProgram.Succeed(["sandbox", "exec", _name, "--", .. command]);

    private static string Machine() => string.Join('\n', new[]
    {
        Tool("ip", "-br", "link"), Tool("ip", "-br", "address"), Tool("ip", "-4", "route", "show", "table", "all"),
        File.ReadAllText("/proc/sys/net/ipv4/ip_forward"), File.ReadAllText("/etc/resolv.conf"),
    });

    private void KillUpAt(string path)
    {
        using var up = WeftProgram.Start("sandbox", "up", _name);
        Assert.True(SpinWait.SpinUntil(() => Path.Exists(path) || up.HasExited, 30_000), $"{path} did not appear");
        up.Kill();
        up.WaitForExit();
    }

    private void AssertGone()
    {
        Assert.Null(NetNamespace.InodeOf(_name));
        Assert.Null(NetNamespace.InodeOf(World));
        foreach (var path in new[] { Folder, $"/run/netns/{_name}", $"/run/netns/{World}", $"/etc/netns/{_name}", State }) Assert.False(Path.Exists(path), path);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), p => CommandLine(p).Contains(Folder, StringComparison.Ordinal));
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/cmdline");
        }
        catch (IOException)
        {
            return ""; // no process, or ended
        }
    }

    private static IEnumerable<int> Pids(string name) => Tool("ip", "netns", "pids", name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    private static void Kill(int id)
    {
        using var process = ProcessHandle.Open(id)!;
        process.Signal(9);
        Assert.True(process.WaitForExit(5000));
    }

    private static string Tool(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
