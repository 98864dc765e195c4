using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Engine.Drivers;
using Weft.Linux.Libc;
using Weft.Linux.Packet;
using Weft.Linux.Route;
using MacAddress = Weft.Core.Model.MacAddress;

namespace Weft.Engine.Machines;

/// <summary>A hypervisor's link on a bridge of Weft's.</summary>
/// <param name="link">As the kernel told it last.</param>
/// <param name="network">Project and network of its bridge.</param>
internal sealed class WatchedLink(LinkInfo link, LinkTag network) : IDisposable
{
    /// <summary>As the kernel told it last.</summary>
    public LinkInfo Link { get; set; } = link;
    /// <summary>Project and network of its bridge.</summary>
    public LinkTag Network { get; } = network;
    /// <summary>What is known of its machine.</summary>
    public GuestIdentity Identity { get; set; } = GuestIdentity.OfTap(link.Mac?.ToCore());
    /// <summary>The port that it is; null while it is none.</summary>
    public PortAllocation? Port { get; set; }
    /// <summary>What was told last, so that it is not told twice.</summary>
    public (MachineEventKind, string)? Told { get; set; }
    /// <summary>It is nothing of a hypervisor's.</summary>
    public bool IsOwn { get; set; }
    /// <summary>Weft has what goes to all not sent to it.</summary>
    public bool IsSilenced { get; set; }
    /// <summary>It is to be tried again.</summary>
    public bool Again { get; set; }
    /// <summary>The process that has it open was looked for.</summary>
    public bool Scanned { get; set; }
    /// <summary>Listens to what its machine sends, while its MAC is not known.</summary>
    public FirstFrame? Frames { get; private set; }

    /// <summary>Listens from now on.</summary>
    public void Listen()
    {
        if (Frames is not null || Identity.Mac is not null) return;
        try
        {
            Frames = new FirstFrame(Link);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENODEV or Errno.ENXIO)
        {
            // It is gone; the kernel tells that too.
        }
    }

    /// <summary>Learns the machine's MAC from a frame.</summary>
    /// <returns>False when there was none that tells it.</returns>
    public bool Learn()
    {
        try
        {
            if (Frames!.Sender() is not { } mac || !MayBe(mac.ToCore())) return false;
            Identity = Identity with { Mac = mac.ToCore(), Claimed = true };
        }
        catch (LinuxException e) when (e.Errno is Errno.ENETDOWN or Errno.ENODEV or Errno.ENXIO)
        {
            return false; // down for now; the socket goes on when it is up
        }
        Dispose();
        return true;
    }

    private bool MayBe(MacAddress mac) => Identity.TapMac is null || Identity.MayBe(mac);

    public void Dispose()
    {
        Frames?.Dispose();
        Frames = null;
    }
}
