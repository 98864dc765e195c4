using System.Globalization;
using Weft.Engine.Dhcp;
using Weft.Linux.Libvirt;
using Weft.Linux.Processes;

namespace Weft.Engine.Machines;

/// <summary>What a network of libvirt that runs shall be taken for.</summary>
/// <param name="Name">The network.</param>
/// <param name="Status">libvirtd's state of it (a networkstatus).</param>
/// <param name="Ours">Whether it is one of Weft's then.</param>
internal sealed record LibvirtSwap(string Name, string Status, bool Ours);

/// <summary>What is done to networks of libvirt while their bridges change hands.</summary>
/// <param name="files">libvirtd's files.</param>
internal sealed class LibvirtChange(LibvirtFiles files) : IDisposable
{
    private const int SIGHUP = 1, SIGKILL = 9, SIGTERM = 15;
    // Milliseconds. A reload goes through all drivers of libvirtd, among them a restart of each network's rules: a second on a busy host. Nobody tells when it is through.
    internal const int Patience = 20_000;
    // Milliseconds. A reload that began before, of a command that was killed, puts what it has read over what is read now, and one that comes while libvirtd starts is not carried out: it is told again.
    private const int Reload = 5_000;
    private readonly Lazy<LibvirtConnection> _connection = new(() => LibvirtConnection.Open(LibvirtConnection.ThisHost));

    /// <summary>The UUID of a network, which a definition of the same name must have; null when it is not defined.</summary>
    public string? Uuid(string name) => LibvirtFiles.Text(files.Definition(name)) is { } text ? NetworkXml.Read(text).Uuid : null;

    /// <summary>What a network that runs is; null when it does not run. libvirtd answers between its own changes of the network, not amid one (virNetworkObj is locked by both).</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or cannot be reached.</exception>
    public string? Live(string name) => _connection.Value.LiveNetwork(name);

    /// <summary>Sets what a network will be when it is started next.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or cannot be reached.</exception>
    public void Define(string name, string xml) => _connection.Value.DefineNetwork(name, xml);

    /// <summary>Makes libvirtd take networks that run for something else, without stopping them. All at once: a reload that still runs would bring the DHCP server of the next one back.</summary>
    /// <exception cref="IOException">libvirtd is not found, or does not follow.</exception>
    public void Swap(IReadOnlyList<LibvirtSwap> swaps)
    {
        if (swaps.Count == 0) return;
        using var daemon = Daemon() ?? throw new IOException($"tell libvirtd about network {swaps[0].Name}: it is not found by {string.Join(" or ", files.DaemonPids)}");
        for (var waited = 0; waited < Patience; waited += Reload)
        {
            foreach (var s in swaps) WholeFile.Write(files.Status(s.Name), s.Status, WholeFile.Private);
            daemon.Signal(SIGHUP);
            if (SpinWait.SpinUntil(() => swaps.All(s => LibvirtFiles.IsOurs(Live(s.Name)) == s.Ours), Reload)) return;
        }
        throw new IOException($"change libvirt's network {swaps[0].Name}: libvirtd did not follow within {Patience / 1000} seconds; see its log");
    }

    /// <summary>Ends libvirt's DHCP server of a network.</summary>
    public void EndDnsmasq(string name)
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
    public void Restart(string name) => _connection.Value.RestartNetwork(name);

    /// <summary>Removes a network of Weft's.</summary>
    public void Remove(string name) => _connection.Value.RemoveNetwork(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connection.IsValueCreated) _connection.Value.Dispose();
    }

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
