using System.Diagnostics;
using Weft.Core.Resources;
using Weft.Engine.Host.Boot;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Engine.Tests.Host;

public sealed class BootUnitTests : IDisposable
{
    private const string Unit = "/etc/systemd/system/weft.service", Wants = "/etc/systemd/system/multi-user.target.wants/weft.service";
    private const string Uplinks = "/etc/systemd/system/weft.service.d/50-uplinks.conf";
    private readonly FakeRoot _root = new();
    private readonly BootUnit _boot;

    public BootUnitTests() => _boot = new BootUnit(_root.Folder, "/opt/my weft/weft");

    public void Dispose() => _root.Dispose();

    private string Text(string path) => File.ReadAllText(_root.Folder + path);

    private string? Target(string path) => new FileInfo(_root.Folder + path).LinkTarget;

    private string[] Files() => [.. Directory.EnumerateFiles(_root.Folder, "*", SearchOption.AllDirectories).Select(f => f[_root.Folder.Length..]).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_unit_is_written_and_enabled_and_taken_away_again()
    {
        Assert.False(_boot.IsEnabled);
        _boot.Enable(["eth1"]);
        Assert.True(_boot.IsEnabled);
        Assert.Equal(Unit, Target(Wants));
        Assert.Contains("\nExecStart=\"/opt/my weft/weft\" apply --boot\n", Text(Unit), StringComparison.Ordinal);
        Assert.Contains("Wants=sys-subsystem-net-devices-eth1.device\n", Text(Uplinks), StringComparison.Ordinal);
        _boot.Disable();
        _boot.Disable();
        Assert.False(_boot.IsEnabled);
        Assert.Empty(Files());
    }

    [Fact]
    public void Doing_it_again_writes_nothing_and_uplinks_that_went_are_not_waited_for()
    {
        _boot.Enable(["eth1"]);
        var written = File.GetLastWriteTimeUtc(_root.Folder + Unit);
        _boot.Enable([]);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_root.Folder + Unit));
        Assert.Equal([Wants, Unit], Files());
    }

    [Fact]
    public void Where_NetworkManager_gives_the_addresses_it_must_be_through()
    {
        _root.Enable("NetworkManager.service");
        _boot.Enable(["eth1"]);
        Assert.Equal($"{HostFileResource.Mark}\n[Unit]\nWants=sys-subsystem-net-devices-eth1.device NetworkManager-wait-online.service\nAfter=sys-subsystem-net-devices-eth1.device NetworkManager-wait-online.service\n", Text(Uplinks));
    }

    [Fact]
    public void A_packaged_unit_is_enabled_as_it_is()
    {
        _root.Write("/usr/lib/systemd/system/weft.service", UnitText.Service);
        _boot.Enable([]);
        Assert.Equal("/usr/lib/systemd/system/weft.service", Target(Wants));
        Assert.False(File.Exists(_root.Folder + Unit));
    }

    [Fact]
    public void The_guard_of_DHCP_is_systemds_where_a_package_enabled_it()
    {
        Assert.False(_boot.StartsGuard);
        Directory.CreateDirectory(_root.Folder + "/etc/systemd/system/weft.service.wants");
        File.CreateSymbolicLink(_root.Folder + "/etc/systemd/system/weft.service.wants/weft-dhcp.service", "/usr/lib/systemd/system/weft-dhcp.service");
        Assert.True(_boot.StartsGuard);
        _root.Mask("/etc/systemd/system/weft-dhcp.service");
        Assert.False(_boot.StartsGuard);
    }

    /// <summary>
    /// What systemd-analyze(1) makes of them. weft.service makes links, filters and settings of the host's own network and starts dnsmasq: network,
    /// capabilities and accounts that it must have are 3.9 of it.
    /// </summary>
    [Theory]
    [InlineData("weft.service", 39)]
    [InlineData("weft-dhcp.service", 30)]
    [InlineData("weftd.service", 39)]
    public void A_unit_may_do_no_more_than_it_must(string unit, int tenths)
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) Assert.Skip("systemd-analyze is not installed");
        using var p = Process.Start(new ProcessStartInfo("systemd-analyze", ["security", "--offline=true", "--no-pager", $"--threshold={tenths}", RepoFiles.Path("packaging", "systemd", unit)])
        {
            RedirectStandardOutput = true,
        })!;
        var printed = p.StandardOutput.ReadToEnd();
        p.WaitForExit();
        Assert.True(p.ExitCode == 0, printed);
    }

    [Fact]
    public void The_administrators_unit_and_mask_stay()
    {
        _root.Write(Unit, "[Service]\nExecStart=/mine\n");
        _boot.Enable([]);
        _boot.Disable();
        Assert.Equal("[Service]\nExecStart=/mine\n", Text(Unit));
        File.Delete(_root.Folder + Unit);
        _root.Mask(Unit);
        _boot.Enable([]);
        Assert.False(_boot.IsEnabled);
    }

    [Fact]
    public void A_program_in_a_home_is_found_there() => Assert.Contains("\nProtectHome=read-only\n", UnitText.For("/home/me/weft"), StringComparison.Ordinal);

    [Theory]
    [InlineData("eth0.5", "eth0.5")]
    [InlineData("enx-a", @"enx\x2da")]
    [InlineData(".hidden", @"\x2ehidden")]
    [InlineData("a@b", @"a\x40b")]
    public void Names_are_escaped_as_systemd_escapes_them(string name, string escaped) => Assert.Equal(escaped, UnitText.Escape(name));

    [Fact]
    public void Systemd_finds_no_fault_in_the_unit()
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) Assert.Skip("systemd-analyze is not installed");
        new BootUnit(_root.Folder, "/bin/true").Enable(["eth0.5", "en-a"]);
        var unit = _root.Folder + Unit;
        using var p = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", unit]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = p.StandardError.ReadToEnd();
        p.WaitForExit();
        Assert.DoesNotContain("weft.service", errors, StringComparison.Ordinal);
        Assert.Equal(0, p.ExitCode);
        Assert.StartsWith(HostFileResource.Mark, Text(Unit), StringComparison.Ordinal);
    }
}
