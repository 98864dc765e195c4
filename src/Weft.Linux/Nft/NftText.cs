using System.Diagnostics;

namespace Weft.Linux.Nft;

/// <summary>Rulesets as text, carried out by nft(8) in one transaction, in the namespace of the calling thread.</summary>
public static class NftText
{
    /// <summary>Applies a ruleset.</summary>
    /// <exception cref="IOException">nft is not installed, or it refused the text: its own words.</exception>
    public static void Apply(string ruleset) => Run(ruleset, ["-f", "-"]);

    /// <summary>Checks a ruleset against the kernel and changes nothing.</summary>
    /// <exception cref="IOException">nft is not installed, or it refused the text: its own words.</exception>
    public static void Check(string ruleset) => Run(ruleset, ["-c", "-f", "-"]);

    /// <summary>Lists a table as text.</summary>
    /// <exception cref="IOException">nft is not installed, or there is no such table.</exception>
    public static string List(string family, string table) => Run("", ["list", "table", family, table]);

    private static string Run(string input, string[] arguments)
    {
        var info = new ProcessStartInfo("nft") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var a in arguments) info.ArgumentList.Add(a);
        using var p = Start(info);
        var error = p.StandardError.ReadToEndAsync();
        p.StandardInput.Write(input);
        p.StandardInput.Close();
        var output = p.StandardOutput.ReadToEnd();
        p.WaitForExit();
        return p.ExitCode == 0 ? output : throw new IOException($"nft {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult().Trim()}");
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"start nft: {e.Message}; install the package nftables", e);
        }
    }
}
