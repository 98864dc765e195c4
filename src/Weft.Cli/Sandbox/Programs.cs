namespace Weft.Cli.Sandbox;

/// <summary>Finds programs that others have packaged.</summary>
internal static class Programs
{
    // A login shell of Debian's has no sbin in its PATH, and sudo keeps it so on some hosts.
    private static IEnumerable<string> Folders =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(["/usr/sbin", "/sbin", "/usr/bin"]);

    /// <summary>The path of a program.</summary>
    /// <exception cref="FileNotFoundException">It is not installed; the message names the package.</exception>
    internal static string Find(string program, string package) => Folders.Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException($"{program} is not installed: apt-get install {package}");
}
