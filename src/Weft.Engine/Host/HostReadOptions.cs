namespace Weft.Engine.Host;

/// <summary>What <see cref="HostReader"/> reads, and where.</summary>
public sealed record HostReadOptions
{
    /// <summary>Root of the host's configuration files: "/", or a folder that stands for it.</summary>
    public string Root { get; init; } = "/";
    /// <summary>Where is kept for this boot what was probed (/run/weft); null probes again every time, which costs some 20 ms.</summary>
    public string? RuntimeDirectory { get; init; }
    /// <summary>Keep there what is probed; else only what others kept is read.</summary>
    public bool KeepsProbed { get; init; } = true;
    /// <summary>Look for other managers of NICs: files under the root, and processes. Needed only where a NIC becomes a port of a bridge.</summary>
    public bool Managers { get; init; } = true;
    /// <summary>
    /// Read links that are ports of others, the taps of machines among them; otherwise only those of <see cref="Named"/>. They are what costs on a host of
    /// thousands, and adding a port needs none of them.
    /// </summary>
    public bool Ports { get; init; } = true;
    /// <summary>Links that are read though they are ports: uplinks.</summary>
    public IReadOnlyCollection<string> Named { get; init; } = [];
    /// <summary>Look for TCP sockets that are listened on, which are found among all there are. Needed only where TCP ports are forwarded.</summary>
    public bool Listeners { get; init; }
    /// <summary>Look for filters of others. Not needed to add a port.</summary>
    public bool Filters { get; init; } = true;
}
