using System.Diagnostics;

namespace Weft.Bench;

/// <summary>What one measured command cost.</summary>
/// <param name="WallMs">Until it returned.</param>
/// <param name="CpuMs">User and system time of everything it started.</param>
internal readonly record struct Cost(double WallMs, double CpuMs);

/// <summary>A network namespace with a state directory, thrown away afterwards: one side of one round.</summary>
internal sealed class BenchHost : IDisposable
{
    private static int s_number;

    internal BenchHost()
    {
        Name = $"weftb{Environment.ProcessId}n{Interlocked.Increment(ref s_number)}";
        Folder = Directory.CreateTempSubdirectory("weft-bench-").FullName;
        Shell("ip", "netns", "add", Name);
        Shell("ip", "-n", Name, "link", "set", "lo", "up");
    }

    internal string Name { get; }
    internal string Folder { get; }

    /// <summary>The weft binary, as published.</summary>
    internal static string Weft { get; } = Path.GetFullPath(Environment.GetEnvironmentVariable("WEFT") ?? "out/weft");

    /// <summary>Writes an input file of the benchmark.</summary>
    internal string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>weft, with this namespace and this state.</summary>
    internal string[] WeftCommand(params string[] args) => [Weft, "--netns", Name, "--state", Path.Combine(Folder, "state"), .. args];

    /// <summary>A command in this namespace.</summary>
    internal string[] Inside(params string[] command) => ["ip", "netns", "exec", Name, .. command];

    /// <summary>Runs commands one after the other, in one cgroup, and returns what they cost together.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    internal static Cost Measure(params string[][] commands)
    {
        using var group = new Cgroup($"{Interlocked.Increment(ref s_number)}");
        var before = group.Cpu();
        var start = Stopwatch.GetTimestamp();
        foreach (var c in commands) Run(["/bin/sh", "-c", "echo $$ >\"$0\" && exec \"$@\"", group.ProcsFile, .. c]);
        var wall = Stopwatch.GetElapsedTime(start);
        return new(wall.TotalMilliseconds, (group.Cpu() - before).TotalMilliseconds);
    }

    /// <summary>Runs a command that is not measured.</summary>
    internal static string Shell(params string[] command) => Run(command);

    public void Dispose()
    {
        foreach (var line in Shell("ip", "netns", "pids", Name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Shell("kill", "-9", line.Trim());
        Shell("ip", "netns", "del", Name);
        Directory.Delete(Folder, recursive: true);
    }

    private static string Run(string[] command)
    {
        var all = new System.Text.StringBuilder();
        Stream(line => all.Append(line).Append('\n'), command);
        return all.ToString();
    }

    /// <summary>Runs a command and hands over each line of its output as it comes.</summary>
    internal static void Stream(Action<string> line, params string[] command)
    {
        var info = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var a in command[1..]) info.ArgumentList.Add(a);
        using var p = Process.Start(info)!;
        p.StandardInput.Close();
        var error = p.StandardError.ReadToEndAsync();
        while (p.StandardOutput.ReadLine() is { } text) line(text);
        p.WaitForExit();
        if (p.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)}: exit {p.ExitCode}\n{error.Result}");
    }
}
