using System.Runtime.ExceptionServices;
using Weft.Linux.Libc;

namespace Weft.Linux.NetNs;

/// <summary>
/// Network namespaces with names, laid out as ip-netns(8) has them (bind mounts under /run/netns), so that both see each other's.
/// </summary>
public static class NetNamespace
{
    private const string Folder = "/run/netns", FilesFolder = "/etc/netns";
    private const string OwnLink = "/proc/thread-self/ns/net";
    private const int CLONE_NEWNS = 0x20000, CLONE_NEWNET = 0x40000000;
    private const nuint MS_BIND = 0x1000, MS_REC = 0x4000, MS_SHARED = 0x100000, MS_SLAVE = 0x80000;
    private const int MNT_DETACH = 2;

    /// <summary>The inode that identifies the network namespace of the calling thread.</summary>
    /// <exception cref="LinuxException">/proc is not mounted.</exception>
    public static ulong CurrentInode => Inode(new FileInfo(OwnLink).LinkTarget ?? throw new LinuxException($"read {OwnLink}", Errno.ENOENT));

    /// <summary>The names of the namespaces there are, sorted.</summary>
    public static IReadOnlyList<string> List() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Whether there is a namespace of this name.</summary>
    public static bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>
    /// The inode that identifies a namespace, by its mount; null when there is none of this name, or only the file of one whose
    /// creation broke off.
    /// </summary>
    /// <exception cref="ArgumentException">No name of a namespace.</exception>
    public static ulong? InodeOf(string name)
    {
        const int root = 3, point = 4; // fields of proc_pid_mountinfo(5)
        var path = PathOf(name).Replace(" ", "\\040", StringComparison.Ordinal);
        var mount = File.ReadLines("/proc/thread-self/mountinfo").Select(l => l.Split(' '))
            .FirstOrDefault(f => f[point] == path && f[root].StartsWith("net:[", StringComparison.Ordinal));
        return mount is null ? null : Inode(mount[root]);
    }

    /// <summary>The file that stands for a namespace.</summary>
    /// <exception cref="ArgumentException">No name of a namespace: empty, too long, "." or "..", or with a slash.</exception>
    public static string PathOf(string name) => name is not ("" or "." or "..") && name.Length < 256 && name.IndexOfAny(['/', '\0']) < 0
        ? $"{Folder}/{name}"
        : throw new ArgumentException($"'{name}' cannot be the name of a network namespace", nameof(name));

    /// <summary>Makes a namespace. Only its loopback link is in it, and that is down.</summary>
    /// <exception cref="LinuxException">The name is taken (EEXIST), or the privileges do not suffice (EPERM).</exception>
    public static void Create(string name)
    {
        var path = PathOf(name);
        PrepareFolder();
        Descriptor.Open(path, Descriptor.O_RDONLY | Descriptor.O_CREAT | Descriptor.O_EXCL).Dispose();
        try
        {
            OnThread($"make {name}", () => Mount(name, path));
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Takes a name away; the namespace ends with the last process or descriptor that holds it.</summary>
    /// <exception cref="LinuxException">There is none of this name (ENOENT).</exception>
    public static void Delete(string name)
    {
        var path = PathOf(name);
        // Not a mount (EINVAL): what a creation that broke off left behind. The file is still to go.
        if (NativeMethods.Unmount(path, MNT_DETACH) < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Errno.EINVAL)
            throw LinuxException.Last($"delete network namespace {name}");
        File.Delete(path);
    }

    /// <summary>
    /// Runs a function on a new thread that is in a network namespace, and waits for it. Sockets opened there, /proc/sys/net,
    /// /sys/class/net and child processes belong to the namespace; /proc/net does not (it shows that of the process: read
    /// /proc/thread-self/net). Files under /etc/netns/NAME are seen in the place of those of /etc, as ip-netns(8) does it.
    /// </summary>
    /// <param name="name">A namespace under /run/netns; null for the one of the process, which changes nothing on the new thread.</param>
    /// <param name="function">What to run; an exception it throws comes back as it is, with its stack.</param>
    /// <exception cref="LinuxException">There is no such namespace (ENOENT), or the privileges do not suffice (EPERM).</exception>
    public static T Run<T>(string? name, Func<T> function)
    {
        T result = default!;
        OnThread(name ?? "host", () =>
        {
            if (name is not null) Enter(name);
            result = function();
        });
        return result;
    }

    /// <summary>Runs an action as <see cref="Run{T}"/> does.</summary>
    public static void Run(string? name, Action action) => Run(name, () =>
    {
        action();
        return true;
    });

    /// <summary>
    /// Runs a function on a new thread that is in a network namespace made for it, which ends with it (and with the sockets that were opened there
    /// and kept). For trying out what the kernel can do. /sys stays that of the process.
    /// </summary>
    /// <param name="function">What to run; an exception it throws comes back as it is, with its stack.</param>
    /// <exception cref="LinuxException">The privileges do not suffice (EPERM).</exception>
    public static T RunInScratch<T>(Func<T> function)
    {
        T result = default!;
        OnThread("scratch", () =>
        {
            Check(NativeMethods.Unshare(CLONE_NEWNET), "make a network namespace to try things in");
            result = function();
        });
        return result;
    }

    private static void OnThread(string name, Action action)
    {
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception e) // handed to the caller below
            {
                thrown = ExceptionDispatchInfo.Capture(e);
            }
        }) { Name = $"netns {name}", IsBackground = true };
        thread.Start();
        thread.Join();
        thrown?.Throw();
    }

    private static void Enter(string name)
    {
        using var file = Descriptor.Open(PathOf(name), Descriptor.O_RDONLY, $"network namespaces there are: {Listed(name)}");
        Check(NativeMethods.SetNs(file.Number, CLONE_NEWNET), $"enter network namespace {name}");
        Check(NativeMethods.Unshare(CLONE_NEWNS), $"make a mount namespace for {name}");
        Check(NativeMethods.Mount("", "/", null, MS_SLAVE | MS_REC, null), "keep mounts from spreading");
        // sysfs shows the network namespace it was mounted in. The old one may be absent (EINVAL); the new one may not.
        _ = NativeMethods.Unmount("/sys", MNT_DETACH);
        Check(NativeMethods.Mount(name, "/sys", "sysfs", 0, null), $"mount /sys for network namespace {name}");
        ShowFiles($"{FilesFolder}/{name}");
    }

    // One without its counterpart in /etc has nothing to be mounted on: ip-netns says so and goes on.
    private static void ShowFiles(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var own in Directory.EnumerateFileSystemEntries(folder))
            if (Path.Combine("/etc", Path.GetFileName(own)) is var shown && Path.Exists(shown))
                Check(NativeMethods.Mount(own, shown, "none", MS_BIND, null), $"show {own} as {shown}");
    }

    // Of many, the few that begin most like it.
    private static string Listed(string like)
    {
        const int few = 10;
        var names = List().OrderByDescending(n => n.AsSpan().CommonPrefixLength(like)).ToList();
        return names.Count == 0 ? "none" : string.Join(", ", names.Take(few)) + (names.Count > few ? $" and {names.Count - few} more" : "");
    }

    private static void Mount(string name, string path)
    {
        Check(NativeMethods.Unshare(CLONE_NEWNET), $"make network namespace {name}");
        Check(NativeMethods.Mount("/proc/thread-self/ns/net", path, "none", MS_BIND, null), $"bind network namespace {name} to {path}");
    }

    private static void PrepareFolder()
    {
        Directory.CreateDirectory(Folder);
        // As ip-netns does: mounts under the folder spread to other mount namespaces, so that a name deleted there is deleted here.
        if (NativeMethods.Mount("", Folder, "none", MS_SHARED | MS_REC, null) == 0) return;
        Check(NativeMethods.Mount(Folder, Folder, "none", MS_BIND | MS_REC, null), $"make {Folder} a mount");
        Check(NativeMethods.Mount("", Folder, "none", MS_SHARED | MS_REC, null), $"share {Folder}");
    }

    // "net:[4026531840]"
    private static ulong Inode(string text) => ulong.Parse(text.AsSpan(text.IndexOf('[') + 1).TrimEnd(']'));

    private static void Check(int result, string operation)
    {
        if (result < 0) throw LinuxException.Last(operation, "this needs root, or CAP_NET_ADMIN with CAP_SYS_ADMIN");
    }
}
