using System.Diagnostics;
using System.Globalization;
using System.Text;
using Weft.Engine.Host;
using Weft.Linux.NetNs;
using Weft.Linux.Processes;

namespace Weft.Engine.Dhcp;

/// <summary>A dnsmasq of Weft's that runs: found by its pid file, and known by the configuration that its command line names.</summary>
internal sealed class DnsmasqProcess : IDisposable
{
    private const int SIGHUP = 1, SIGKILL = 9, SIGTERM = 15;
    // Milliseconds. It ends within a few; one that has not after this hangs.
    private const int Patience = 5000;
    // .NET's exit code of a process that a signal ended is this and the signal, as a shell's; dnsmasq's own are below 10.
    private const int Signalled = 128;
    private const string Option = "--conf-file=";
    /// <summary>What to do where it is not installed.</summary>
    internal const string Remedy = "apt install dnsmasq-base";
    private readonly ProcessHandle _handle;

    private DnsmasqProcess(ProcessHandle handle, string folder, bool here)
    {
        _handle = handle;
        Folder = folder;
        IsHere = here;
    }

    internal int Id => _handle.Id;

    /// <summary>The folder of its configuration; its last part is the configuration's hash.</summary>
    internal string Folder { get; }

    /// <summary>Whether it serves the network namespace of the calling thread: one that was deleted and made again is another.</summary>
    internal bool IsHere { get; }

    /// <summary>The process of these paths; null when none runs.</summary>
    internal static DnsmasqProcess? Find(DhcpPaths paths) => ReadId(paths.Pid) is { } id ? Of(id, paths) : null;

    /// <summary>Ends those of these paths that run in this network namespace, known by their command lines alone.</summary>
    internal static void EndAll(DhcpPaths paths)
    {
        foreach (var process in ProcessScan.Find("dnsmasq"))
        {
            using var ours = Of(process.Id, paths);
            ours?.Stop();
        }
    }

    private static DnsmasqProcess? Of(int id, DhcpPaths paths)
    {
        if (ProcessHandle.Open(id) is not { } handle) return null;
        // Read after the handle was opened: the number may by now be somebody else's, who has another command line.
        if (FolderOf(id, paths) is { } folder && !handle.HasExited) return new(handle, folder, IsInNamespace(id));
        // One that is about to end has no command line any more, but still has its sockets.
        if (IsEnding(id)) handle.WaitForExit(Patience);
        handle.Dispose();
        return null;
    }

    /// <summary>Starts dnsmasq with the configuration of a folder, and returns when all its sockets are bound: it goes to the background only then.</summary>
    /// <exception cref="DhcpException">It is not installed, or it refused.</exception>
    internal static void Start(string folder)
    {
        var start = new ProcessStartInfo(Program ?? throw new DhcpException($"start dnsmasq: it is not installed; {Remedy}"), [$"{Option}{folder}/dnsmasq.conf"]) { RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C"; // its words are looked at below
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new DhcpException($"start dnsmasq with {folder}/dnsmasq.conf: {said} (exit code {process.ExitCode}){Hint(said)}") { BySignal = process.ExitCode > Signalled };
    }

    internal void Reload() => _handle.Signal(SIGHUP);

    /// <summary>Ends it and waits until it has ended.</summary>
    internal void Stop()
    {
        _handle.Signal(SIGTERM);
        if (_handle.WaitForExit(Patience)) return;
        _handle.Signal(SIGKILL);
        _handle.WaitForExit(-1);
    }

    /// <summary>Waits until it has ended, or waiting is to stop.</summary>
    internal void WaitForExit(CancellationToken stop) => _handle.WaitForExit(stop);

    public void Dispose() => _handle.Dispose();

    private static int? ReadId(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string? FolderOf(int id, DhcpPaths paths)
    {
        try
        {
            var prefix = $"{Option}{paths.Run}/";
            var argument = Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")).Split('\0').FirstOrDefault(a => a.StartsWith(prefix, StringComparison.Ordinal));
            return Path.GetDirectoryName(argument?[Option.Length..]);
        }
        catch (IOException)
        {
            return null; // it ended meanwhile: ENOENT or ESRCH
        }
    }

    private static bool IsEnding(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm") == "dnsmasq\n" && File.ReadAllBytes($"/proc/{id}/cmdline").Length == 0;
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    private static bool IsInNamespace(int id) => new FileInfo($"/proc/{id}/ns/net").LinkTarget == $"net:[{NetNamespace.CurrentInode}]";

    /// <summary>The program; null when it is not installed.</summary>
    internal static string? Program
    {
        get
        {
            // sbin is not in everybody's PATH.
            var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"]);
            return folders.Where(f => f.StartsWith('/')).Select(f => $"{f}/dnsmasq").FirstOrDefault(File.Exists);
        }
    }

    private static string Hint(string said) => said switch
    {
        _ when said.Contains("Address already in use", StringComparison.Ordinal) => "; another DNS or DHCP server holds the port on all addresses (see: ss -lnup 'sport = 53 or sport = 67'): let it bind only its own interfaces",
        _ when said.Contains("optmem_max", StringComparison.Ordinal) || said.Contains("Cannot allocate memory", StringComparison.Ordinal) => "; each IPv6 network needs two group memberships: sysctl -w net.core.optmem_max=131072",
        _ => "",
    };
}
