using System.Diagnostics;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests;

/// <summary>What a program printed and ended with.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);

/// <summary>The weft that the tests run: the published one when it is the newest, as in "./dev test", else the one that was built with the tests.</summary>
internal static class WeftProgram
{
    private const int PatienceMs = 60_000; // far more than any command takes; the test then fails instead of hanging

    /// <summary>Path of the program.</summary>
    public static string Path { get; } = Newest("weft", "Weft.Cli");

    /// <summary>Path of the daemon.</summary>
    public static string Daemon { get; } = Newest("weftd", "Weft.Daemon");

    // A library may be newer than the program that was linked to it before.
    private static string Newest(string name, string project)
    {
        var (published, folder) = (RepoFiles.Path("out", name), RepoFiles.Path("artifacts", "bin", project, Configuration));
        return File.Exists(published) && File.GetLastWriteTimeUtc(published) > Directory.EnumerateFiles(folder, "*eft*.dll").Max(File.GetLastWriteTimeUtc) ? published : System.IO.Path.Combine(folder, name);
    }

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>Runs weft to its end.</summary>
    public static Ended Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>Runs weft, which must succeed, and returns what it printed.</summary>
    public static string Succeed(params string[] arguments)
    {
        var ended = Run(arguments);
        Assert.True(ended.ExitCode == 0, $"weft {string.Join(' ', arguments)}: {ended.ExitCode}: {ended.Output}{ended.Errors}");
        return ended.Output;
    }

    /// <summary>Runs a program, with more in its environment and something to read, to its end.</summary>
    public static Ended RunProgram(string program, IEnumerable<string> arguments, string input = "", params (string Name, string Value)[] environment)
    {
        var info = Info(program, arguments);
        foreach (var (name, value) in environment) info.Environment[name] = value;
        var process = Process.Start(info)!;
        process.StandardInput.Write(input);
        return Finish(process);
    }

    /// <summary>Starts weft; the caller waits for it or ends it.</summary>
    public static Process Start(params string[] arguments) => Process.Start(Info(Path, arguments))!;

    private static ProcessStartInfo Info(string program, IEnumerable<string> arguments) => new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>Closes the program's input and waits for its end.</summary>
    public static Ended Finish(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(PatienceMs)) process.Kill(true);
            process.WaitForExit();
            return new Ended(process.ExitCode, output.Result, errors.Result);
        }
    }
}
