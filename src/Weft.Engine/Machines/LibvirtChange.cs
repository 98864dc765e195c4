using System.Globalization;
using Weft.Engine.Dhcp;
using Weft.Linux.Libvirt;
using Weft.Linux.Processes;

namespace Weft.Engine.Machines;

/// <summary>What is done to one network of libvirt while its bridge changes hands.</summary>
/// <param name="files">libvirtd's files.</param>
/// <param name="name">The network.</param>
internal sealed class LibvirtChange(LibvirtFiles files, string name) : IDisposable
{
    private const string Uri = "qemu:///system";
    private const int KeepAliveSeconds = 5; // libvirt's own default
    private const int SIGHUP = 1, SIGKILL = 9, SIGTERM = 15;
    // Milliseconds. A reload goes through all drivers of libvirtd, among them a restart of each network's rules: a second on a busy host. Nobody tells when it is through.
    private const int Patience = 20_000;
    private readonly LibvirtConnection _connection = LibvirtConnection.Open(Uri, KeepAliveSeconds);

    /// <summary>Its UUID, which a definition of the same name must have; null when it is not defined.</summary>
    public string? Uuid => LibvirtFiles.Text(files.Definition(name)) is { } text ? NetworkXml.Read(text).Uuid : null;

    /// <summary>Sets what it will be when it is started next.</summary>
    /// <exception cref="LibvirtException">libvirtd refused.</exception>
    public void Define(string xml) => _connection.DefineNetwork(name, xml);

    /// <summary>Makes libvirtd take a network that runs for what the state says, without stopping it.</summary>
    /// <param name="status">The state (a networkstatus).</param>
    /// <param name="ours">Whether that is a network of Weft's.</param>
    /// <exception cref="IOException">libvirtd is not found, or does not follow.</exception>
    public void Reload(string status, bool ours)
    {
        WholeFile.Write(files.Status(name), status, WholeFile.Private);
        using var daemon = Daemon() ?? throw new IOException($"tell libvirtd about network {name}: it is not found by {string.Join(" or ", files.DaemonPids)}");
        daemon.Signal(SIGHUP);
        if (!SpinWait.SpinUntil(() => LibvirtFiles.IsOurs(_connection.LiveNetwork(name)) == ours, Patience))
            throw new IOException($"change libvirt's network {name}: libvirtd did not follow within {Patience / 1000} seconds; see its log");
    }

    /// <summary>Ends libvirt's DHCP server of the network.</summary>
    public void EndDnsmasq()
    {
        if (Number(files.DnsmasqPid(name)) is not { } id || ProcessHandle.Open(id) is not { } process) return;
        using (process)
        {
            if (!CommandLine(id).Any(a => a.StartsWith("--conf-file=", StringComparison.Ordinal) && a.EndsWith($"/{name}.conf", StringComparison.Ordinal))) return; // the number is another's by now
            process.Signal(SIGTERM);
            if (process.WaitForExit(Patience)) return;
            process.Signal(SIGKILL);
            process.WaitForExit(-1);
        }
    }

    /// <summary>Stops what runs, which is a network of Weft's and has no bridge of its own to delete, and starts it as it is defined.</summary>
    public void Restart() => _connection.RestartNetwork(name);

    /// <summary>Removes a network of Weft's.</summary>
    public void Remove() => _connection.RemoveNetwork(name);

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();


    private ProcessHandle? Daemon()
    {
        foreach (var file in files.DaemonPids)
        {
            if (Number(file) is not { } id || ProcessHandle.Open(id) is not { } process) continue;
            if (CommandLine(id).FirstOrDefault() is { } program && Path.GetFileName(program) == Path.GetFileNameWithoutExtension(file)) return process;
            process.Dispose();
        }
        return null;
    }

    private static int? Number(string path) => int.TryParse(LibvirtFiles.Text(path)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;

    private static string[] CommandLine(int id) => LibvirtFiles.Text($"/proc/{id}/cmdline")?.Split('\0') ?? [];
}
