using Weft.Lab.Tests.Projects;
using Weft.Linux.Libc;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;

namespace Weft.Lab.Tests.Machines;

/// <summary>A hypervisor's tap whose machine sends frames without pause, also before the tap is on a bridge or up.</summary>
internal sealed class Blast : IDisposable
{
    private readonly TapDevice _tap;
    private readonly Thread _thread;
    private volatile bool _ended;
    private long _sent;

    internal Blast(EngineLab lab, string link, params byte[][] frames)
    {
        _tap = NetNamespace.Run(lab.Host, () => TapDevice.Open(link));
        _thread = new Thread(() =>
        {
            for (var i = 0; !_ended; i++)
            {
                try
                {
                    _tap.Write(frames[i % frames.Length]);
                    Interlocked.Increment(ref _sent);
                }
                catch (LinuxException e) when (e.Errno == Errno.EIO)
                {
                    // It is down yet.
                }
                Thread.Yield();
            }
        });
        _thread.Start();
    }

    /// <summary>Waits until so many more frames were taken by the kernel.</summary>
    internal void Await(int frames)
    {
        for (var until = Interlocked.Read(ref _sent) + frames; Interlocked.Read(ref _sent) < until;) Thread.Yield();
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        _tap.Dispose();
    }
}
