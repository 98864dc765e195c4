using System.Text;
using Weft.Linux.Libc;

namespace Weft.Linux.Sysfs;

/// <summary>
/// Kernel settings under /proc/sys. Those of net/ are of the network namespace of the calling thread. Paths are relative, with slashes as the file
/// system has them (net/ipv4/conf/eth0.5/forwarding), because link names may have dots.
/// </summary>
public static unsafe class Sysctl
{
    private const string Root = "/proc/sys/";
    private const int O_WRONLY = 1, LongestValue = 4096; // a page: proc_dostring and its like take no more
    private const int EACCES = 13, EROFS = 30;

    /// <summary>Another one at each start of the machine (kernel.random.boot_id, random(4)).</summary>
    /// <exception cref="LinuxException">/proc is not mounted.</exception>
    public static string BootId => Read("kernel/random/boot_id");

    /// <summary>Whether the kernel has this setting.</summary>
    /// <exception cref="ArgumentException">No path below /proc/sys.</exception>
    public static bool Exists(string path) => File.Exists(PathOf(path)) || Directory.Exists(PathOf(path));

    /// <summary>The value without the newline at its end, as the kernel prints it.</summary>
    /// <exception cref="LinuxException">There is none (ENOENT), or it has no value yet (EIO: net/ipv6/conf/LINK/stable_secret).</exception>
    /// <exception cref="ArgumentException">No path below /proc/sys.</exception>
    public static string Read(string path)
    {
        using var file = Open(path, Descriptor.O_RDONLY, $"read {path}");
        return ReadAll(file, path);
    }

    /// <summary>As <see cref="Read"/>; null when the kernel has no such setting.</summary>
    /// <exception cref="LinuxException">It is there and cannot be read.</exception>
    /// <exception cref="ArgumentException">No path below /proc/sys.</exception>
    public static string? TryRead(string path)
    {
        var fd = NativeMethods.Open(PathOf(path), Descriptor.O_RDONLY | Descriptor.O_CLOEXEC, 0);
        if (fd < 0 && LastErrno() == Errno.ENOENT) return null; // no exception: the settings of many links are asked for before these are there
        using var file = fd >= 0 ? new Descriptor(fd) : throw Failed($"read {path}");
        return ReadAll(file, path);
    }

    /// <summary>Sets a value.</summary>
    /// <exception cref="LinuxException">There is none (ENOENT), the value is none that it takes (EINVAL), the privileges do not suffice (EACCES).</exception>
    /// <exception cref="ArgumentException">No path below /proc/sys.</exception>
    public static void Write(string path, string value)
    {
        using var file = Open(path, O_WRONLY, Setting(path, value));
        Write(file, path, value);
    }

    /// <summary>As <see cref="Write(string, string)"/>, but a setting that has the value already is left alone: some act on being set again.</summary>
    /// <exception cref="LinuxException">There is none (ENOENT), the value is none that it takes (EINVAL), the privileges do not suffice (EACCES).</exception>
    /// <exception cref="ArgumentException">No path below /proc/sys.</exception>
    public static void Set(string path, string value)
    {
        using var file = Open(path, Descriptor.O_RDWR, Setting(path, value));
        if (ReadAll(file, path) != value) Write(file, path, value);
    }

    private static string Setting(string path, string value) => $"set {path} to {value}";

    private static void Write(Descriptor file, string path, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value + "\n");
        fixed (byte* p = bytes)
            while (NativeMethods.Write(file.Number, p, (nuint)bytes.Length) < 0) // in one: the kernel parses each write by itself
                if (LastErrno() != Errno.EINTR) throw Failed(Setting(path, value));
    }

    // From the beginning and without moving on: the kernel takes a write at the beginning only (kernel.sysctl_writes_strict).
    private static string ReadAll(Descriptor file, string path)
    {
        var buffer = stackalloc byte[LongestValue];
        nint n;
        while ((n = NativeMethods.PRead(file.Number, buffer, LongestValue, 0)) < 0)
            if (LastErrno() != Errno.EINTR) throw Failed($"read {path}");
        return Encoding.UTF8.GetString(buffer, (int)n).TrimEnd('\n');
    }

    private static Descriptor Open(string path, int flags, string operation)
    {
        var fd = NativeMethods.Open(PathOf(path), flags | Descriptor.O_CLOEXEC, 0);
        return fd >= 0 ? new Descriptor(fd) : throw Failed(operation);
    }

    private static string PathOf(string path) =>
        IsBelow(path) ? Root + path : throw new ArgumentException($"'{path}' is no path below /proc/sys", nameof(path));

    private static bool IsBelow(ReadOnlySpan<char> path)
    {
        foreach (var part in path.Split('/'))
            if (path[part] is "" or "." or "..") return false;
        return !path.Contains('\0');
    }

    private static int LastErrno() => System.Runtime.InteropServices.Marshal.GetLastPInvokeError();

    private static LinuxException Failed(string operation)
    {
        var errno = LastErrno();
        return new LinuxException(operation, errno, errno switch
        {
            Errno.ENOENT => "this kernel has no such setting, or the link or module it belongs to is not there",
            Errno.EPERM or EACCES => "this needs root, or CAP_NET_ADMIN in the user namespace that owns this network namespace",
            EROFS => "/proc/sys is mounted read-only, as in containers; mount it read-write",
            _ => null,
        });
    }
}
