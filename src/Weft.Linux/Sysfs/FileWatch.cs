using System.Runtime.InteropServices;
using Weft.Linux.Libc;

namespace Weft.Linux.Sysfs;

/// <summary>
/// Tells when files are written to (inotify(7)), those under /proc/sys among them. The kernel forgets an unused name there, and with it who watches: each
/// file is held by a descriptor that neither reads nor writes. A setting that the kernel itself changes is not told.
/// </summary>
public sealed class FileWatch : IDisposable
{
    private const uint IN_MODIFY = 2, IN_CLOSE_WRITE = 8;
    private const int O_PATH = 0x200000, Header = 16; // struct inotify_event
    private const int Longest = 64 << 10; // bytes: thousands of events at a time
    private readonly Descriptor _events;
    private readonly Dictionary<string, (int Watch, Descriptor Pin)> _byPath = [];
    private readonly Dictionary<int, string> _byWatch = [];
    private readonly byte[] _buffer = new byte[Longest];

    /// <summary>Watches nothing yet.</summary>
    /// <exception cref="LinuxException">There are no more inotify instances (EMFILE: sysctl fs.inotify.max_user_instances).</exception>
    public FileWatch()
    {
        var fd = NativeMethods.InotifyInit(Libc.Descriptor.O_CLOEXEC | Libc.Descriptor.O_NONBLOCK);
        _events = fd >= 0 ? new Descriptor(fd) : throw LinuxException.Last("watch files", "sysctl fs.inotify.max_user_instances tells how many watchers there may be");
    }

    /// <summary>The descriptor, for poll(2).</summary>
    public int Descriptor => _events.Number;

    /// <summary>Watches these files and no others; those that are not there are passed over. Files under /proc/sys/net are those of the calling thread's network namespace.</summary>
    /// <param name="paths">Absolute paths.</param>
    /// <exception cref="LinuxException">A file cannot be watched (ENOSPC: sysctl fs.inotify.max_user_watches).</exception>
    public void Set(IEnumerable<string> paths)
    {
        foreach (var (watch, pin) in _byPath.Values)
        {
            _ = NativeMethods.InotifyRemoveWatch(_events.Number, watch);
            pin.Dispose();
        }
        _byPath.Clear();
        _byWatch.Clear();
        foreach (var path in paths.Distinct()) Add(path);
    }

    /// <summary>The files that were written to, or closed after that, since the last call; without waiting.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe IReadOnlySet<string> Read()
    {
        var written = new HashSet<string>();
        fixed (byte* p = _buffer)
        {
            while (true)
            {
                var n = NativeMethods.Read(_events.Number, p, Longest);
                if (n < 0 && Marshal.GetLastPInvokeError() != Errno.EAGAIN) throw LinuxException.Last("watch files");
                if (n <= 0) return written;
                Names(_buffer.AsSpan(0, (int)n), written);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _events.Dispose();
        foreach (var (_, pin) in _byPath.Values) pin.Dispose();
    }

    private void Add(string path)
    {
        if (!File.Exists(path)) return;
        var pin = Libc.Descriptor.Open(path, O_PATH);
        var watch = NativeMethods.InotifyAddWatch(_events.Number, path, IN_MODIFY | IN_CLOSE_WRITE);
        if (watch < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            pin.Dispose();
            if (errno == Errno.ENOENT) return; // it went meanwhile
            throw new LinuxException($"watch {path}", errno, "sysctl fs.inotify.max_user_watches tells how many files may be watched");
        }
        _byPath[path] = (watch, pin);
        _byWatch[watch] = path;
    }

    // Too many at once (IN_Q_OVERFLOW, watch -1): any of them may have been written to.
    private void Names(ReadOnlySpan<byte> events, HashSet<string> written)
    {
        while (events.Length >= Header)
        {
            var (watch, name) = (MemoryMarshal.Read<int>(events), MemoryMarshal.Read<int>(events[12..]));
            if (watch < 0) written.UnionWith(_byPath.Keys);
            else if (_byWatch.TryGetValue(watch, out var path)) written.Add(path);
            events = events[Math.Min(Header + name, events.Length)..];
        }
    }
}
