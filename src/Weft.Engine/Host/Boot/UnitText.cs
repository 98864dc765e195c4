namespace Weft.Engine.Host.Boot;

/// <summary>Text of the units (systemd.unit(5), systemd.exec(5)).</summary>
internal static class UnitText
{
    /// <summary>Where packages install the program.</summary>
    public const string Packaged = "/usr/bin/weft";

    /// <summary>weft.service, of the packaged program: packaging/systemd/weft.service itself.</summary>
    public static string Service { get; } = Read();

    /// <summary>weft.service, of a program elsewhere.</summary>
    public static string For(string executable) => Service
        .Replace($"ExecStart={Packaged} ", $"ExecStart={Quote(executable)} ", StringComparison.Ordinal)
        .Replace("ProtectHome=yes\n", "ProtectHome=read-only\n", StringComparison.Ordinal); // the program may be in somebody's home

    /// <summary>A drop-in that waits for NICs: for as long as systemd waits for devices (DefaultDeviceTimeoutSec), and then goes on without.</summary>
    /// <param name="nics">The NICs.</param>
    /// <param name="others">Units that must be through as well.</param>
    public static string Uplinks(IEnumerable<string> nics, IEnumerable<string> others)
    {
        var devices = string.Join(' ', nics.Order(StringComparer.Ordinal).Select(n => $"sys-subsystem-net-devices-{Escape(n)}.device").Concat(others));
        return $"[Unit]\nWants={devices}\nAfter={devices}\n";
    }

    /// <summary>As systemd-escape(1) does.</summary>
    internal static string Escape(string name) => string.Concat(System.Text.Encoding.UTF8.GetBytes(name).Select((b, i) =>
        char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)':' || (b == '.' && i > 0) ? ((char)b).ToString() : $"\\x{b:x2}"));

    private static string Read()
    {
        using var stream = typeof(UnitText).Assembly.GetManifestResourceStream("weft.service")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // "%" begins a specifier, "$" a variable.
    private static string Quote(string path) =>
        $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
}
