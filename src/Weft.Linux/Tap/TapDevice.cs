using System.Runtime.InteropServices;
using System.Text;
using Weft.Linux.Libc;

namespace Weft.Linux.Tap;

/// <summary>
/// Tap links (linux/if_tun.h). <see cref="Create"/> makes one that stays when nobody has it open, as a virtual machine wants it;
/// <see cref="Open"/> gives a handle that reads and writes its frames.
/// </summary>
public sealed unsafe class TapDevice : IDisposable
{
    private const nuint TUNSETIFF = 0x400454ca, TUNSETPERSIST = 0x400454cb, TUNSETOWNER = 0x400454cc,
        TUNSETGROUP = 0x400454ce, TUNSETIFINDEX = 0x400454da;
    private const ushort IFF_TAP = 2, IFF_MULTI_QUEUE = 0x100, IFF_NO_PI = 0x1000, IFF_VNET_HDR = 0x4000, IFF_TUN_EXCL = 0x8000;
    private const string NoDevice = "needs root or CAP_NET_ADMIN, and the module tun (modprobe tun)";

    private readonly Descriptor _queue;

    private TapDevice(Descriptor queue, string name)
    {
        _queue = queue;
        Name = name;
    }

    /// <summary>The link's name.</summary>
    public string Name { get; }

    /// <summary>Makes a persistent tap in the network namespace of the calling thread. It is down and has no queue open.</summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="multiQueue">Several queues, one a virtual CPU (IFF_MULTI_QUEUE).</param>
    /// <param name="vnetHdr">Frames carry struct virtio_net_hdr: offloads reach the guest (IFF_VNET_HDR).</param>
    /// <param name="ownerUid">The user that may open it without CAP_NET_ADMIN; null for no one.</param>
    /// <param name="groupGid">The group that may open it without CAP_NET_ADMIN; null for none.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <exception cref="LinuxException">A link of this name or index exists (EBUSY), or the privileges do not suffice (EPERM).</exception>
    public static void Create(string name, bool multiQueue = false, bool vnetHdr = false, uint? ownerUid = null,
        uint? groupGid = null, int index = 0)
    {
        using var tap = OpenNew(name, multiQueue, vnetHdr, ownerUid, groupGid, index);
        tap.Persist();
    }

    /// <summary>
    /// Makes a tap that ends when the handle is closed, unless <see cref="Persist"/> is called before: what is set on it until then is never
    /// found half done after a crash.
    /// </summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="multiQueue">Several queues, one a virtual CPU (IFF_MULTI_QUEUE).</param>
    /// <param name="vnetHdr">Frames carry struct virtio_net_hdr: offloads reach the guest (IFF_VNET_HDR).</param>
    /// <param name="ownerUid">The user that may open it without CAP_NET_ADMIN; null for no one.</param>
    /// <param name="groupGid">The group that may open it without CAP_NET_ADMIN; null for none.</param>
    /// <param name="index">The interface index it is to have; 0 for the next free one.</param>
    /// <exception cref="LinuxException">A link of this name or index exists (EBUSY), or the privileges do not suffice (EPERM).</exception>
    public static TapDevice OpenNew(string name, bool multiQueue = false, bool vnetHdr = false, uint? ownerUid = null,
        uint? groupGid = null, int index = 0)
    {
        var queue = Descriptor.Open("/dev/net/tun", Descriptor.O_RDWR, NoDevice);
        try
        {
            if (index != 0) Check(NativeMethods.Ioctl(queue.Number, TUNSETIFINDEX, &index), $"choose index {index} for tap {name}");
            Attach(queue, name, Flags(multiQueue, vnetHdr) | IFF_TUN_EXCL, $"create tap {name}");
            if (ownerUid is { } uid) Set(queue, TUNSETOWNER, (nint)uid, $"give tap {name} to user {uid}");
            if (groupGid is { } gid) Set(queue, TUNSETGROUP, (nint)gid, $"give tap {name} to group {gid}");
            return new TapDevice(queue, name);
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>The tap stays when the handle is closed.</summary>
    /// <exception cref="LinuxException">The tap was deleted meanwhile (EBADFD).</exception>
    public void Persist() => Set(_queue, TUNSETPERSIST, 1, $"make tap {Name} persistent");

    /// <summary>Ends a persistent tap that nobody has open.</summary>
    /// <exception cref="LinuxException">Someone has it open (EBUSY), or it is no tap (EINVAL).</exception>
    public static void Delete(string name, bool multiQueue = false, bool vnetHdr = false)
    {
        using var queue = Descriptor.Open("/dev/net/tun", Descriptor.O_RDWR, NoDevice);
        Attach(queue, name, Flags(multiQueue, vnetHdr), $"open tap {name}");
        Set(queue, TUNSETPERSIST, 0, $"delete tap {name}");
    }

    /// <summary>Opens a queue of a tap; makes the tap when it is not there, and that one ends when the handle is closed.</summary>
    /// <exception cref="LinuxException">The queue is taken (EBUSY), or the tap was made with other flags (EINVAL).</exception>
    public static TapDevice Open(string name, bool multiQueue = false, bool vnetHdr = false)
    {
        var queue = Descriptor.Open("/dev/net/tun", Descriptor.O_RDWR, NoDevice);
        try
        {
            Attach(queue, name, Flags(multiQueue, vnetHdr), $"open tap {name}");
            return new TapDevice(queue, name);
        }
        catch
        {
            queue.Dispose();
            throw;
        }
    }

    /// <summary>Waits for a frame that the host sends into the tap.</summary>
    /// <param name="frame">Where it goes; a longer one is cut.</param>
    /// <param name="timeoutMs">Milliseconds; negative waits for ever.</param>
    /// <returns>The length of the frame in bytes; -1 when the time was up.</returns>
    /// <exception cref="LinuxException">The tap was deleted (EBADFD), or is down (EIO).</exception>
    public int Read(Span<byte> frame, int timeoutMs)
    {
        if (!_queue.WaitReadable(timeoutMs)) return -1;
        fixed (byte* p = frame)
        {
            var n = NativeMethods.Read(_queue.Number, p, (nuint)frame.Length);
            return n >= 0 ? (int)n : throw LinuxException.Last($"read a frame of tap {Name}");
        }
    }

    /// <summary>Hands a frame to the host, as if it came in by the tap.</summary>
    /// <exception cref="LinuxException">The tap is down (EIO).</exception>
    public void Write(ReadOnlySpan<byte> frame)
    {
        fixed (byte* p = frame)
            if (NativeMethods.Write(_queue.Number, p, (nuint)frame.Length) < 0)
                throw LinuxException.Last($"write a frame of {frame.Length} bytes to tap {Name}");
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private static int Flags(bool multiQueue, bool vnetHdr) =>
        IFF_TAP | IFF_NO_PI | (multiQueue ? IFF_MULTI_QUEUE : 0) | (vnetHdr ? IFF_VNET_HDR : 0);

    private static void Attach(Descriptor queue, string name, int flags, string operation)
    {
        var request = stackalloc byte[40]; // struct ifreq: name[16], then ifr_flags
        new Span<byte>(request, 40).Clear();
        if (!Encoding.UTF8.TryGetBytes(name, new Span<byte>(request, 15), out var n) || n == 0)
            throw new ArgumentException($"'{name}' cannot be the name of a link: 1 to 15 bytes", nameof(name));
        MemoryMarshal.Write(new Span<byte>(request + 16, 2), (ushort)flags);
        Check(NativeMethods.Ioctl(queue.Number, TUNSETIFF, request), operation);
    }

    private static void Set(Descriptor queue, nuint request, nint value, string operation) =>
        Check(NativeMethods.Ioctl(queue.Number, request, value), operation);

    private static void Check(int result, string operation)
    {
        if (result < 0) throw LinuxException.Last(operation);
    }
}
