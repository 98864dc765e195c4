using Weft.Linux.Libc;

namespace Weft.Linux.NetNs;

/// <summary>
/// Tells when the name of a network namespace is deleted (ip netns delete). Processes keep a namespace alive without a name; a server that nobody can find any
/// more is better ended.
/// </summary>
public sealed class NetNamespaceWatch : IDisposable
{
    private const uint IN_DELETE = 0x200, IN_MOVED_FROM = 0x40;
    private const int LongestEvents = 4096; // bytes; some dozens of events
    private readonly CancellationTokenSource _deleted = new();
    private readonly Descriptor _events;
    private readonly EventSignal _end = new();
    private readonly Thread _thread;
    private readonly string _path;

    /// <summary>Watches from now on.</summary>
    /// <param name="name">The namespace.</param>
    /// <exception cref="LinuxException">There are no more inotify instances (EMFILE: sysctl fs.inotify.max_user_instances).</exception>
    public NetNamespaceWatch(string name)
    {
        _path = NetNamespace.PathOf(name);
        var fd = NativeMethods.InotifyInit(Descriptor.O_CLOEXEC);
        if (fd < 0) throw LinuxException.Last($"watch network namespace {name}", "sysctl fs.inotify.max_user_instances tells how many watchers there may be");
        _events = new Descriptor(fd);
        if (NativeMethods.InotifyAddWatch(fd, Path.GetDirectoryName(_path)!, IN_DELETE | IN_MOVED_FROM) < 0) throw LinuxException.Last($"watch {_path}");
        _thread = new Thread(Watch) { IsBackground = true, Name = $"watch {name}" };
        _thread.Start();
    }

    /// <summary>Cancelled when the name is gone.</summary>
    public CancellationToken Deleted => _deleted.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _events.Dispose();
        _end.Dispose();
        _deleted.Dispose();
    }

    private void Watch()
    {
        // Looked at after the watch was set: a name that went before is noticed too.
        while (File.Exists(_path))
        {
            if (Descriptor.Wait(-1, _events.Number, _end.Descriptor) != 0) return;
            Drain();
        }
        _deleted.Cancel();
    }

    private unsafe void Drain()
    {
        var buffer = stackalloc byte[LongestEvents];
        if (NativeMethods.Read(_events.Number, buffer, LongestEvents) < 0) throw LinuxException.Last($"watch {_path}");
    }
}
