using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Linux.Tests.NetNs;

public sealed class NetNamespaceWatchTests
{
    [Fact]
    public void Tells_when_the_name_goes_and_not_when_another_does()
    {
        var (watched, other) = ($"weftw-{Environment.ProcessId}-a", $"weftw-{Environment.ProcessId}-b");
        NetNamespace.Create(watched);
        NetNamespace.Create(other);
        using var watch = new NetNamespaceWatch(watched);
        NetNamespace.Delete(other);
        Assert.False(watch.Deleted.WaitHandle.WaitOne(100));
        NetNamespace.Delete(watched);
        Assert.True(watch.Deleted.WaitHandle.WaitOne(5000));
    }

    [Fact]
    public void Tells_at_once_when_there_is_none()
    {
        using var watch = new NetNamespaceWatch($"weftw-{Environment.ProcessId}-none");
        Assert.True(watch.Deleted.WaitHandle.WaitOne(5000));
    }

    [Fact]
    public void Ends_while_the_namespace_is_there()
    {
        var name = $"weftw-{Environment.ProcessId}-c";
        NetNamespace.Create(name);
        var watch = new NetNamespaceWatch(name);
        watch.Dispose();
        NetNamespace.Delete(name);
        Assert.DoesNotContain(name, NetNamespace.List());
    }
}
