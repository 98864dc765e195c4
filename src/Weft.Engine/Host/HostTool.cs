using System.ComponentModel;
using System.Diagnostics;

namespace Weft.Engine.Host;

/// <summary>Runs a program of the host in the namespace of the calling thread, with a list of arguments and no shell.</summary>
internal static class HostTool
{
    // These programs talk to a daemon over D-Bus, whose own answer time is 25 s (DBUS_TIMEOUT_USE_DEFAULT).
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>What the program printed; null when it is not installed.</summary>
    /// <exception cref="IOException">It failed: its own words; or it did not end in half a minute.</exception>
    public static string? TryRun(string program, params string[] arguments) => TryFeed(program, "", arguments);

    /// <summary>As <see cref="TryRun"/>, with something to read on standard input.</summary>
    /// <inheritdoc cref="TryRun"/>
    public static string? TryFeed(string program, string input, params string[] arguments)
    {
        using var p = Start(program, arguments);
        if (p is null) return null;
        p.StandardInput.Write(input);
        p.StandardInput.Close();
        var (output, errors) = (p.StandardOutput.ReadToEndAsync(), p.StandardError.ReadToEndAsync());
        var words = string.Join(' ', [program, .. arguments]);
        if (!p.WaitForExit(_patience))
        {
            p.Kill();
            throw new IOException($"run '{words}': no end after {_patience.TotalSeconds:f0} s; it was killed");
        }
        return p.ExitCode == 0 ? output.GetAwaiter().GetResult()
            : throw new IOException($"run '{words}': exit code {p.ExitCode}: {errors.GetAwaiter().GetResult().Trim()}");
    }

    private static Process? Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception e) when (e.NativeErrorCode == Linux.Libc.Errno.ENOENT)
        {
            return null;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"run '{program}': {e.Message}", e);
        }
    }
}
