using System.Diagnostics;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Vm;

/// <summary>
/// Tests in and with virtual machines. They keep both processors busy: one at a time, and after the tests that look at the clock.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class VmCollection
{
    internal const string Name = "virtual machines";
}

/// <summary>lab/vm: a machine with the distribution's own kernel, on this machine's root file system.</summary>
internal static class LabVm
{
    private const int PatienceMs = 600_000; // it takes 10 to 60 seconds where it has the processors for itself, and these are emulated and shared

    // Exit code 125 is that of lab/: what it needs is missing, and it says what.
    private static readonly Lazy<Ended> s_prepared = new(() => Run(RepoFiles.Path("lab", "guest"), "--prepare"));

    /// <summary>Skips the test where QEMU or a kernel package cannot be had.</summary>
    public static void Demand() => Assert.SkipWhen(s_prepared.Value.ExitCode == 125, s_prepared.Value.Errors.Trim());

    /// <summary>Runs a command as root in a machine of its own.</summary>
    public static Ended Run(string script) => Run(RepoFiles.Path("lab", "vm"), "run", "--", "bash", "-euc", script);

    /// <summary>The command must succeed; returns what it printed.</summary>
    public static string Succeed(string script)
    {
        var ended = Run(script);
        Assert.True(ended.ExitCode == 0, $"{script}\nended with {ended.ExitCode}:\n{ended.Output}{ended.Errors}");
        return ended.Output;
    }

    private static Ended Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepoFiles.Root,
        })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(PatienceMs)) process.Kill(true);
        process.WaitForExit();
        return new Ended(process.ExitCode, output.Result, errors.Result);
    }
}
