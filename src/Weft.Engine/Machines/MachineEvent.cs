using Weft.Core.Ipam;

namespace Weft.Engine.Machines;

/// <summary>What became of a hypervisor's link.</summary>
public enum MachineEventKind
{
    /// <summary>It is a machine's port now, and carries what that may.</summary>
    Attached,
    /// <summary>It left, and its port was taken from it.</summary>
    Detached,
    /// <summary>It is on a bridge of Weft's and carries nothing.</summary>
    Blocked,
    /// <summary>It is on a bridge whose network lets strangers through.</summary>
    Allowed,
    /// <summary>It could not be done; it is tried again.</summary>
    Failed,
}

/// <summary>Something happened to a hypervisor's link.</summary>
/// <param name="Kind">What.</param>
/// <param name="Link">The link.</param>
/// <param name="Project">Of the bridge.</param>
/// <param name="Network">Of the bridge.</param>
/// <param name="Port">The port that it is or was; null for none.</param>
/// <param name="Why">Why it carries nothing or could not be done; "" otherwise.</param>
/// <param name="Took">From the kernel's message about it, or the news about its machine, until it was done.</param>
public sealed record MachineEvent(MachineEventKind Kind, string Link, string Project, string Network, PortAllocation? Port, string Why, TimeSpan Took);
