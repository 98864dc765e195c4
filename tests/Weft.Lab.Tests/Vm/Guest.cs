using System.Diagnostics;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests.Vm;

/// <summary>A virtual machine on a port of Weft's, started by lab/guest with the arguments that weft printed; ended with the test.</summary>
internal sealed class Guest : IDisposable
{
    private const int PatienceMs = 180_000; // it takes 10 seconds, many times that when others keep the processors busy
    private readonly Process _qemu;
    private readonly List<string> _said = [];

    /// <summary>Starts the machine in a sandbox.</summary>
    /// <param name="sandbox">Where its tap is.</param>
    /// <param name="name">The hostname it asks for and serves under.</param>
    /// <param name="printed">What weft port add printed.</param>
    public Guest(string sandbox, string name, string printed)
    {
        var qemu = printed.Split('\n').Select(l => l.Trim()).Single(l => l.StartsWith("QEMU ", StringComparison.Ordinal))["QEMU ".Length..];
        _qemu = WeftProgram.Start(["sandbox", "exec", sandbox, "--", RepoFiles.Path("lab", "guest"), "--name", name, "--",
            .. qemu.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        _qemu.StandardInput.Close();
        _qemu.ErrorDataReceived += (_, line) => Say(line.Data);
        _qemu.BeginErrorReadLine();
    }

    /// <summary>The lines of the machine about what it got, without the word GUEST.</summary>
    public async Task<IReadOnlyList<string>> Ready()
    {
        using var late = new CancellationTokenSource(PatienceMs);
        while (await _qemu.StandardOutput.ReadLineAsync(late.Token) is { } line)
        {
            Say(line);
            if (line.StartsWith("GUEST ready", StringComparison.Ordinal) || line.StartsWith("GUEST gave up", StringComparison.Ordinal)) break;
        }
        lock (_said) return [.. _said.Where(l => l.StartsWith("GUEST ", StringComparison.Ordinal)).Select(l => l["GUEST ".Length..].TrimEnd())];
    }

    public override string ToString()
    {
        lock (_said) return string.Join('\n', _said);
    }

    public void Dispose()
    {
        _qemu.Kill();
        _qemu.WaitForExit();
        _qemu.Dispose();
    }

    private void Say(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
    }
}
