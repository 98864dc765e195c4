namespace Weft.Engine.Host.Managers;

/// <summary>A setting of a file of sections, as systemd.syntax(7) and NetworkManager.conf(5) have them.</summary>
internal readonly record struct IniSetting(string Section, string Key, string Value);

/// <summary>Reads such files. Lines that are none of section, setting or comment are passed over, as those programs do.</summary>
internal static class IniText
{
    /// <summary>The settings in their order.</summary>
    public static List<IniSetting> Read(string text)
    {
        var (section, settings) = ("", new List<IniSetting>());
        foreach (var line in Lines(text))
        {
            if (line is ['[', .. var name, ']']) section = name;
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var i) settings.Add(new(section, line[..i].Trim(), line[(i + 1)..].Trim()));
        }
        return settings;
    }

    /// <summary>The value that was set last; null when there is none.</summary>
    public static string? Last(this IEnumerable<IniSetting> settings, string section, string key) =>
        settings.LastOrDefault(s => s.Section == section && s.Key == key) is { Key: not null } found ? found.Value : null;

    /// <summary>Whether a value says yes, as both programs spell it.</summary>
    public static bool IsTrue(string? value) => value?.ToLowerInvariant() is "1" or "yes" or "true" or "on" or "y" or "t";

    /// <summary>Whether a value says no.</summary>
    public static bool IsFalse(string? value) => value?.ToLowerInvariant() is "0" or "no" or "false" or "off" or "n" or "f";

    private static IEnumerable<string> Lines(string text) =>
        text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not ('#' or ';'));
}
