using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Engine.Host.Files;
using Xunit;

namespace Weft.Engine.Tests.Host;

public sealed class HostFileDriverTests : IDisposable
{
    private readonly FakeRoot _root = new();
    private readonly HostFileDriver _driver;

    public HostFileDriverTests() => _driver = new HostFileDriver(_root.Folder, reload: true);

    public void Dispose() => _root.Dispose();

    private static HostFileResource Networkd(string body = "[Link]\nUnmanaged=yes\n") =>
        new("lab", "office", "/etc/systemd/network/05-weft-eth1.network", $"{HostFileResource.Mark}\n[Match]\nName=eth1\n\n{body}", "networkd");

    private void Apply(HostFileResource? before, HostFileResource? after)
    {
        _driver.Apply([new Step(before, after, "test")]);
        _driver.Finish();
    }

    [Fact]
    public void What_is_written_is_read_back_whole_and_by_key()
    {
        var file = Networkd();
        var other = new HostFileResource("lab", "dev", "/run/NetworkManager/conf.d/90-weft-wb.conf", $"{HostFileResource.Mark}\n[keyfile]\n", "networkmanager");
        _driver.Apply([new Step(null, file, ""), new Step(null, other, "")]);
        Assert.Equal([other, file], _driver.Read(ReadScope.All).OrderByDescending(r => r.Key.Name, StringComparer.Ordinal));
        Assert.Equal([file], _driver.Read(new ReadScope([file.Key, new ResourceKey(ResourceKind.HostFile, "/etc/absent")])));
        Assert.Equal("# Made by weft; it goes with the network. Changes are lost.\n# weft:lab:office:networkd\n[Match]\nName=eth1\n\n[Link]\nUnmanaged=yes\n",
            File.ReadAllText(_root.Folder + file.Path));
    }

    [Fact]
    public void Steps_can_be_done_again()
    {
        var (file, changed) = (Networkd(), Networkd("[Network]\nDHCP=yes\n"));
        Apply(null, file);
        Apply(null, file);
        Apply(file, changed);
        Assert.Equal([changed], _driver.Read(ReadScope.All));
        Apply(changed, null);
        Apply(changed, null);
        Assert.Empty(_driver.Read(ReadScope.All));
        Assert.Empty(Directory.EnumerateFiles(_root.Folder + "/etc/systemd/network"));
    }

    [Fact]
    public void A_file_of_somebody_else_stays_as_it_is()
    {
        var file = Networkd();
        _root.Write(file.Path, "[Match]\nName=eth1\n");
        var e = Assert.Throws<DriverException>(() => Apply(null, file));
        Assert.Contains(file.Path, e.Message, StringComparison.Ordinal);
        Apply(file, null);
        Assert.Equal("[Match]\nName=eth1\n", File.ReadAllText(_root.Folder + file.Path));
        Assert.Empty(_driver.Read(ReadScope.All));
    }

    [Fact]
    public void A_file_that_was_edited_is_read_as_it_is_now()
    {
        var file = Networkd();
        Apply(null, file);
        File.AppendAllText(_root.Folder + file.Path, "# mine\n");
        Assert.Equal([file with { Content = file.Content + "# mine\n" }], _driver.Read(ReadScope.All));
    }

    [Fact]
    public void What_a_crash_left_half_written_is_not_read_and_not_in_the_way()
    {
        var file = Networkd();
        _root.Write(file.Path + ".weft-new", "# Made by we");
        Assert.Empty(_driver.Read(ReadScope.All));
        Apply(null, file);
        Assert.Equal([file], _driver.Read(ReadScope.All));
        Assert.Single(Directory.EnumerateFiles(_root.Folder + "/etc/systemd/network"));
    }

    [Fact]
    public void Text_without_the_mark_is_refused() =>
        Assert.Throws<ArgumentException>(() => Apply(null, Networkd() with { Content = "[Match]\n" }));
}
