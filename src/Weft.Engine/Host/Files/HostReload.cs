namespace Weft.Engine.Host.Files;

/// <summary>Makes tools read their files again, those that run in the network namespace of the calling thread.</summary>
internal static class HostReload
{
    /// <summary>Tells a tool; does nothing when it does not run, because it will read the files when it starts.</summary>
    /// <param name="tool">"networkmanager", "networkd", "" for none.</param>
    /// <param name="written">A file was written, so that a NIC is taken from the tool; else files were removed, and NICs are given back.</param>
    /// <exception cref="IOException">The tool refused, or what speaks to it is not installed.</exception>
    public static void Of(string tool, bool written)
    {
        if (Command(tool, written) is not var (process, program, arguments) || !ProcessScan.Find(process).Any()) return;
        if (HostTool.TryRun(program, arguments) is null)
            throw new IOException($"reload {tool}: it runs, but {program} is not installed; restart it, so that it reads what was written");
    }

    // NetworkManager switches a NIC off that it had and reads it is to leave (1.42); one that it never had since its start it leaves alone, and at its
    // end it leaves all as they are. comm has 15 characters: "systemd-networkd" is cut.
    private static (string Process, string Program, string[] Arguments)? Command(string tool, bool written) => (tool, written) switch
    {
        ("networkmanager", true) => ("NetworkManager", "systemctl", ["try-restart", "NetworkManager.service"]),
        ("networkmanager", false) => ("NetworkManager", "nmcli", ["general", "reload", "conf"]),
        ("networkd", _) => ("systemd-network", "networkctl", ["reload"]),
        _ => null,
    };
}
