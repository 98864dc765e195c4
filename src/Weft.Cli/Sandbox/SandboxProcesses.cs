using System.Diagnostics;
using System.Globalization;
using Weft.Linux.NetNs;
using Weft.Linux.Processes;

namespace Weft.Cli.Sandbox;

/// <summary>The processes of a sandbox: those that Weft starts in the world, and at the end whatever else was started in it.</summary>
internal sealed class SandboxProcesses(SandboxLayout layout)
{
    private const int SIGKILL = 9;
    private const int ReapMs = 5000; // a killed process is gone in milliseconds; one in an uninterruptible call is worth a message
    private const string WebArguments = $"sandbox {WebServer.Verb}";
    private string DnsmasqConf => $"{layout.Folder}/dnsmasq.conf";

    /// <summary>Starts what does not run: the router's DHCP and DNS server, and the web server.</summary>
    /// <exception cref="IOException">A program is missing or says what it cannot do.</exception>
    internal void Start()
    {
        var (dnsmasq, web) = Running();
        if (!dnsmasq) StartDnsmasq();
        if (!web) StartWeb();
    }

    /// <summary>Ends every process in both namespaces.</summary>
    /// <exception cref="IOException">One does not end.</exception>
    internal void End()
    {
        // Until there is none: one that goes to the background while it is ended leaves a child that was not there before.
        foreach (var name in layout.Namespaces)
            while (Inside(name).ToList() is { Count: > 0 } processes) processes.ForEach(p => End(p, name));
    }

    /// <summary>How many processes are in the host's namespace: what was started there to be tried.</summary>
    internal int CountInHost() => Commands(layout.Name).Count;

    /// <summary>Whether both servers run.</summary>
    internal bool Serve() => Running() is (true, true);

    private (bool Dnsmasq, bool Web) Running()
    {
        var commands = Commands(layout.World);
        return (commands.Exists(c => c.Contains(DnsmasqConf, StringComparison.Ordinal)), commands.Exists(c => c.Contains(WebArguments, StringComparison.Ordinal)));
    }

    private void StartDnsmasq()
    {
        File.WriteAllText(DnsmasqConf, layout.DnsmasqConf);
        // It goes to the background when its sockets are bound, and says before what prevents that.
        using var process = Start(Programs.Find("dnsmasq", "dnsmasq-base"), $"--conf-file={DnsmasqConf}");
        var fault = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"start dnsmasq in {layout.World}: {fault.Trim()}");
    }

    private void StartWeb()
    {
        using var process = Start(Environment.ProcessPath!, WebArguments.Split(' '));
        if (process.StandardOutput.ReadLine() != WebServer.Ready)
            throw new IOException($"start the web server in {layout.World}: {process.StandardError.ReadToEnd().Trim()}");
    }

    private Process Start(string program, params string[] arguments) => NetNamespace.Run(layout.World, () => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/", // it keeps no folder of the user's busy
        })!);

    private static List<string> Commands(string name)
    {
        var found = new List<string>();
        foreach (var process in Inside(name))
            using (process)
                if (CommandLine(process.Id) is { } line) found.Add(line);
        return found;
    }

    private static void End(ProcessHandle process, string name)
    {
        using (process)
        {
            process.Signal(SIGKILL);
            if (!process.WaitForExit(ReapMs)) throw new IOException($"end process {process.Id} in {name}: it does not end; look at /proc/{process.Id}/stack");
        }
    }

    private static IEnumerable<ProcessHandle> Inside(string name)
    {
        if (NetNamespace.InodeOf(name) is not { } inode) yield break;
        var link = $"net:[{inode}]";
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (ProcessHandle.Open(id) is not { } process) continue;
            // Read after it was opened: the number is still this process's.
            if (Link($"{folder}/ns/net") == link) yield return process;
            else process.Dispose();
        }
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended
        }
    }

    private static string? CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return null; // it ended
        }
    }
}
