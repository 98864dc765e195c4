using Weft.Core.Model;

namespace Weft.Engine.Host.Filters;

/// <summary>Filters of the older iptables, which nf_tables does not show. The kernel tells that there is a table; only iptables-legacy(8) tells what is in it.</summary>
internal static class LegacyTables
{
    private static readonly (string Names, string Family, string Tool)[] _families =
        [("/proc/thread-self/net/ip_tables_names", "ip", "iptables-legacy"), ("/proc/thread-self/net/ip6_tables_names", "ip6", "ip6tables-legacy")];

    /// <summary>The filters of the namespace of this thread.</summary>
    /// <exception cref="IOException">iptables-legacy failed.</exception>
    public static IEnumerable<ForeignFilter> Read() => _families.Where(f => File.Exists(f.Names) && File.ReadLines(f.Names).Contains("filter"))
        .SelectMany(f => HostTool.TryRun(f.Tool, "-t", "filter", "-S") is { } rules
            ? Of(f.Family, rules)
            : [new("", $"{f.Family} filter FORWARD of the older iptables", "its rules cannot be read", $"install {f.Tool}, so that they can be, and see what it drops")]);

    /// <summary>Those in what "iptables-legacy -S" prints.</summary>
    internal static IEnumerable<ForeignFilter> Of(string family, string rules)
    {
        var lines = rules.Split('\n').Select(l => l.Split(' ')).ToList();
        var tool = FilterTool.Of(family, "filter", [.. lines.Where(w => w is ["-N", _]).Select(w => w[1])]);
        foreach (var words in lines)
            if (words is ["-P", "FORWARD" or "INPUT", "DROP"])
                yield return new(tool.Name, $"{family} filter {words[1]} of the older iptables", "policy drop", words[1] == "INPUT" ? tool.Input : tool.Forward) { Input = words[1] == "INPUT" };
    }
}
