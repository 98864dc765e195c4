using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Linux.Libvirt;

/// <summary>
/// libvirt's own event loop (virEventRegisterDefaultImpl) on a thread that lasts as long as the process: what connections hear, and the answers of a keepalive, come by it. It
/// belongs to the process as the library does.
/// </summary>
internal static unsafe class LibvirtEventLoop
{
    // The loop sleeps until a descriptor or timer of its own wakes it; one of these also sees descriptors that were added while it slept in old versions.
    private const int TurnMs = 1000;
    private static readonly Lazy<string?> s_started = new(Start);

    /// <summary>Starts it when it does not run.</summary>
    /// <exception cref="LibvirtException">The library is not installed, or refused.</exception>
    internal static void Ensure()
    {
        if (s_started.Value is { } why) throw new LibvirtException("load libvirt's library", 0, why);
    }

    private static string? Start()
    {
        if (!NativeLibrary.TryLoad(LibvirtLibrary.Library, typeof(LibvirtLibrary).Assembly, null, out _))
            return $"{LibvirtLibrary.Library} is not installed (package libvirt0, or libvirt-libs)";
        LibvirtLibrary.SetErrorFunction(0, &Quiet); // it would print to standard error
        if (LibvirtLibrary.RegisterEventLoop() < 0 || LibvirtLibrary.AddTimeout(TurnMs, &Turn, 0, 0) < 0) return LibvirtConnection.LastError();
        new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
        return null;
    }

    private static void Run()
    {
        while (LibvirtLibrary.RunEventLoop() >= 0) { }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Turn(int timer, nint opaque) { }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Quiet(nint data, nint error) { }
}
