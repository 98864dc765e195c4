using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Cli.Top;

/// <summary>
/// The terminal while top runs: its second screen, so that the first one is as it was when top ends (xterm's control sequences, which all terminals of today know).
/// </summary>
internal sealed class TopTerminal : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[?7l", Leave = "\e[?7h\e[?25h\e[?1049l"; // second screen, cursor hidden, lines cut at the edge
    private readonly BlockingCollection<ConsoleKeyInfo?> _input = [];
    private readonly PosixSignalRegistration _resized;

    internal TopTerminal()
    {
        Console.Out.Write(Enter);
        _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _input.Add(null));
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    internal static int Height => Console.WindowHeight is > 0 and var h ? h : 24; // a terminal that does not say is taken for a VT100

    /// <summary>Waits for a key, or another size of the terminal (null).</summary>
    /// <returns>False when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal bool Wait(TimeSpan time, CancellationToken stop, out ConsoleKeyInfo? key) => _input.TryTake(out key, (int)Math.Max(0, time.TotalMilliseconds), stop);

    /// <summary>Shows lines from the top, in one write, so that nothing flickers.</summary>
    internal static void Draw(IEnumerable<string> lines) =>
        Console.Out.Write(new StringBuilder("\e[H").AppendJoin("\e[K\r\n", lines).Append("\e[K\e[J").ToString());

    public void Dispose()
    {
        _resized.Dispose();
        Console.Out.Write(Leave);
    }

    // A read of the terminal cannot be taken back: the thread ends with the process.
    private void ReadKeys()
    {
        try
        {
            while (true) _input.Add(Console.ReadKey(intercept: true));
        }
        catch (InvalidOperationException) // standard input is no terminal: top goes on without keys
        {
        }
    }
}
