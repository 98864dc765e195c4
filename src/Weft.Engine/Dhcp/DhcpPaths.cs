namespace Weft.Engine.Dhcp;

/// <summary>Where DHCP and DNS of one network namespace keep their files.</summary>
/// <param name="State">What outlives a reboot: the leases. Only root looks into it.</param>
/// <param name="Run">What does not: the manifest, and what dnsmasq reads. dnsmasq's unprivileged account must be able to reach it.</param>
/// <param name="ResolvConf">Names the upstream DNS servers of networks that name none themselves; resolv.conf(5).</param>
public sealed record DhcpPaths(string State, string Run, string ResolvConf = "/etc/resolv.conf")
{
    /// <summary>The files of what an engine acts on. A network namespace has upstream servers of its own where ip-netns(8) looks for them.</summary>
    public static DhcpPaths Of(EngineOptions options) => options.NetNs is { } name && $"/etc/netns/{name}/resolv.conf" is var own && File.Exists(own)
        ? new(options.Paths.DhcpState, options.Paths.DhcpRun, own)
        : new(options.Paths.DhcpState, options.Paths.DhcpRun);

    /// <summary>dnsmasq's lease file.</summary>
    public string Leases => Path.Combine(State, "leases");
    /// <summary>One file for each link: its scope and its machines, as <see cref="Core.Resources.ResourceJson"/> lines.</summary>
    public string Manifest => Path.Combine(Run, "manifest");
    /// <summary>The number of the process.</summary>
    public string Pid => Path.Combine(Run, "dnsmasq.pid");
    /// <summary>Held by who changes the files or starts and ends the process.</summary>
    public string Lock => Path.Combine(Run, "lock");
    /// <summary>Held by the process that watches over dnsmasq.</summary>
    public string GuardLock => Path.Combine(Run, "guard.lock");
}
