using Weft.Core.Ipam;
using Weft.Core.Spec;
using Weft.Engine.Store;

namespace Weft.Engine.Machines;

/// <summary>Finds the port of a network that a hypervisor's link is: by the machine's MAC, else by its name where the file leaves the MAC open.</summary>
/// <param name="store">What was given out.</param>
/// <param name="spec">The file.</param>
/// <param name="project">The project.</param>
/// <param name="network">The network.</param>
/// <param name="isThere">Whether a link is on the network's bridge.</param>
/// <param name="isUsed">Whether somebody is at the other end of a link.</param>
internal sealed class GuestSearch(WeftStore store, ProjectSpec spec, string project, string network, Func<string, bool> isThere, Func<string, bool> isUsed)
{
    /// <summary>Why a port that would fit is not given; null when none would.</summary>
    public string? Conflict { get; private set; }

    /// <summary>The port as it is and as it will be; null when there is none.</summary>
    public (PortAllocation Before, PortAllocation After)? Find(string link, GuestIdentity identity)
    {
        var byMac = identity.MacPattern is { } pattern ? store.PortsWithMac(project, network, pattern).Where(p => identity.MayBe(p.Mac)).ToList() : [];
        if (byMac is [var port]) return IsFree(port, link, identity) ? (port, port with { Link = link }) : null;
        if (byMac.Count > 1) return Refuse($"{string.Join(" and ", byMac.Select(p => p.Machine))} have MACs that end in the same five bytes");
        return identity.Machine is { } name ? ByName(name, link, identity) : null;
    }

    private (PortAllocation, PortAllocation)? ByName(string name, string link, GuestIdentity identity)
    {
        var ports = store.PortsOf(name).Where(p => p.Project == project && p.Network == network).ToList();
        if (ports.Count == 0) return null;
        if (ports.Find(p => p.Link == link || (Declaration(p)?.Mac is null && p.Declared && IsIdle(p, link))) is not { } port)
            return Refuse($"machine {name} has no port on {network} that is free for it: {string.Join(", ", ports.Select(p => $"{p.Mac}{(p.Link is null ? "" : $" on {p.Link}")}"))}");
        if (identity.Mac is not { } mac || identity.Claimed) return Refuse($"the MAC of machine {name} is not known yet");
        return (port, port with { Link = link, Mac = mac });
    }

    // A machine that only says who it is gets no port that another may have.
    private bool IsFree(PortAllocation port, string link, GuestIdentity identity)
    {
        if (!IsIdle(port, link)) Conflict = $"the port of {port.Machine} is {port.Link} already";
        else if (identity.Claimed && isUsed(port.Tap)) Conflict = $"a frame of it says {port.Mac}, which is the MAC of {port.Machine} behind {port.Tap}";
        else if (identity.Machine is { } name && name != port.Machine && port.Declared && spec.Machines.Any(m => m.Name == name)) Conflict = $"{port.Mac} is the MAC of {port.Machine}, and the machine is {name}";
        return Conflict is null;
    }

    private bool IsIdle(PortAllocation port, string link) => port.Link is null || port.Link == link || !isThere(port.Link);

    private PortSpec? Declaration(PortAllocation port) =>
        spec.Machines.FirstOrDefault(m => m.Name == port.Machine)?.Ports.Where(p => p.Network == network).ElementAtOrDefault(port.Index);

    private (PortAllocation, PortAllocation)? Refuse(string why)
    {
        Conflict = why;
        return null;
    }
}
