using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Yaml;

/// <summary>Where reading stands: the path to the value ("networks.dev.mtu") and the faults so far.</summary>
internal sealed class ReadContext(string file, DiagnosticBag faults)
{
    /// <summary>More than this helps nobody, and a hostile file must not fill the memory.</summary>
    public const int MaxFaults = 1000;

    private readonly List<string> _path = [];

    /// <summary>The file's name for diagnostics.</summary>
    public string File { get; } = file;

    /// <summary>Errors added by this reading.</summary>
    public int Errors { get; private set; }

    /// <summary>"networks.dev.mtu", or "the file".</summary>
    public string Path => _path.Count == 0 ? "the file" : Quote.Short(string.Join('.', _path).Replace(".[", "[", StringComparison.Ordinal));

    /// <summary>A reading that begins here, with faults of its own.</summary>
    public ReadContext Apart(DiagnosticBag own)
    {
        var apart = new ReadContext(File, own);
        apart._path.AddRange(_path);
        return apart;
    }

    /// <summary>Enters a key or "[n]".</summary>
    public void Push(string part) => _path.Add(part);

    /// <summary>Leaves it.</summary>
    public void Pop() => _path.RemoveAt(_path.Count - 1);

    /// <summary>Adds an error; past the limit one last diagnostic says so.</summary>
    public void Error(string code, Location at, string message, string? hint = null)
    {
        Errors++;
        if (Errors <= MaxFaults) faults.Error(code, at, message, hint);
        if (Errors == MaxFaults + 1) faults.Error(SpecCodes.TooManyFaults, at, $"more than {MaxFaults} faults; the rest is not shown", "mend these first");
    }

    /// <summary>Adds a warning.</summary>
    public void Warn(string code, Location at, string message, string? hint = null) => faults.Warn(code, at, message, hint);
}
