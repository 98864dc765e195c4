namespace Weft.Engine.Host.Boot;

/// <summary>Text of the units (systemd.unit(5), systemd.exec(5)). packaging/systemd/weft.service is the same.</summary>
internal static class UnitText
{
    /// <summary>Where packages install the program.</summary>
    public const string Packaged = "/usr/bin/weft";

    /// <summary>weft.service, of the packaged program.</summary>
    public const string Service = """
        [Unit]
        Description=Networks of virtual machines, as applied last
        # What ifupdown gave a NIC is moved to its bridge, so it must be there; a firewall that flushes all tables must have done so.
        After=network-pre.target networking.service systemd-networkd.service NetworkManager.service nftables.service netfilter-persistent.service
        # Everything that wants the network finds the bridges with their addresses.
        Wants=network.target
        Before=network.target network-online.target
        RequiresMountsFor=/var/lib/weft

        [Service]
        Type=oneshot
        RemainAfterExit=yes
        ExecStart=/usr/bin/weft apply --boot
        # DHCP servers and clients that it starts go on when it is stopped: stopping drops no packet.
        KillMode=process
        TimeoutStartSec=2min
        RuntimeDirectory=weft
        RuntimeDirectoryPreserve=yes
        StateDirectory=weft
        # NET: links, filters, packets of ARP. SYS_ADMIN: network namespaces. SYS_PTRACE: which namespace a DHCP client is in. The rest: what the servers and
        # clients need that it starts, which give up their own privileges.
        CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE CAP_SYS_ADMIN CAP_SYS_PTRACE CAP_KILL CAP_SETUID CAP_SETGID CAP_SETPCAP CAP_CHOWN CAP_FOWNER CAP_DAC_OVERRIDE
        RestrictAddressFamilies=AF_UNIX AF_NETLINK AF_PACKET AF_INET AF_INET6
        RestrictNamespaces=net mnt
        SystemCallArchitectures=native
        MemoryDenyWriteExecute=yes
        LockPersonality=yes
        NoNewPrivileges=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        DevicePolicy=closed
        DeviceAllow=/dev/net/tun rw
        ProtectSystem=yes
        ProtectHome=read-only
        ProtectClock=yes
        ProtectControlGroups=yes
        ProtectKernelLogs=yes

        [Install]
        WantedBy=multi-user.target

        """;

    /// <summary>weft.service, of a program elsewhere.</summary>
    public static string For(string executable) => Service.Replace($"ExecStart={Packaged} ", $"ExecStart={Quote(executable)} ", StringComparison.Ordinal);

    /// <summary>A drop-in that waits for NICs: for as long as systemd waits for devices (DefaultDeviceTimeoutSec), and then goes on without.</summary>
    /// <param name="nics">The NICs.</param>
    /// <param name="others">Units that must be through as well.</param>
    public static string Uplinks(IEnumerable<string> nics, IEnumerable<string> others)
    {
        var devices = string.Join(' ', nics.Order(StringComparer.Ordinal).Select(n => $"sys-subsystem-net-devices-{Escape(n)}.device").Concat(others));
        return $"[Unit]\nWants={devices}\nAfter={devices}\n";
    }

    /// <summary>As systemd-escape(1) does.</summary>
    internal static string Escape(string name) => string.Concat(System.Text.Encoding.UTF8.GetBytes(name).Select((b, i) =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)':' || (b == '.' && i > 0) ? ((char)b).ToString() : $"\\x{b:x2}"));

    // "%" begins a specifier, "$" a variable.
    private static string Quote(string path) =>
        $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
}
