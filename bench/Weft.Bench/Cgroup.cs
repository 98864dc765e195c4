using System.Globalization;

namespace Weft.Bench;

/// <summary>A cgroup of its own for one measured command and all its children, daemons too: their CPU time is the price.</summary>
internal sealed class Cgroup : IDisposable
{
    private const string V1 = "/sys/fs/cgroup/cpuacct", V2 = "/sys/fs/cgroup";
    private readonly string _path;
    private readonly bool _v1 = Directory.Exists(V1);

    internal Cgroup(string name)
    {
        _path = Path.Combine(_v1 ? V1 : V2, $"weft-bench-{Environment.ProcessId}-{name}");
        Directory.CreateDirectory(_path);
    }

    /// <summary>Where a process writes its id to join.</summary>
    internal string ProcsFile => Path.Combine(_path, "cgroup.procs");

    /// <summary>CPU time used so far by all that ever were in it.</summary>
    internal TimeSpan Cpu() => _v1
        ? TimeSpan.FromMicroseconds(Number(File.ReadAllText(Path.Combine(_path, "cpuacct.usage"))) / 1000)
        : TimeSpan.FromMicroseconds(Number(File.ReadLines(Path.Combine(_path, "cpu.stat")).First(l => l.StartsWith("usage_usec", StringComparison.Ordinal))["usage_usec ".Length..]));

    public void Dispose()
    {
        try
        {
            Directory.Delete(_path);
        }
        catch (IOException)
        {
            // A daemon still ends; an empty cgroup left behind costs nothing and the next boot clears it.
        }
    }

    private static double Number(string s) => double.Parse(s.Trim(), CultureInfo.InvariantCulture);
}
