using System.Diagnostics;
using Weft.Linux.NetNs;

namespace Weft.Tests;

/// <summary>A network namespace of one test: made with a name of its own, its loopback up, deleted at the end.</summary>
internal sealed class TestNamespace : IDisposable
{
    private static int s_last;

    public TestNamespace()
    {
        Name = $"weftt-{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}";
        NetNamespace.Create(Name);
        Ip("link", "set", "lo", "up");
    }

    public string Name { get; }

    /// <summary>Runs on a thread that is in the namespace.</summary>
    public T Run<T>(Func<T> function) => NetNamespace.Run(Name, function);

    /// <summary>Runs on a thread that is in the namespace.</summary>
    public void Run(Action action) => NetNamespace.Run(Name, action);

    /// <summary>Runs ip(8) in the namespace and returns what it prints; throws when it fails.</summary>
    public string Ip(params string[] arguments) => Tool("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs a program in the namespace, with its /sys, and returns what it prints; throws when it fails.</summary>
    public string Exec(string program, params string[] arguments) => Tool("ip", ["netns", "exec", Name, program, .. arguments]);

    public void Dispose() => NetNamespace.Delete(Name);

    private static string Tool(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {process.ExitCode}: {errors.Result.Trim()}");
    }
}
