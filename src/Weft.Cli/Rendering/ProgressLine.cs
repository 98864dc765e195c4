using System.Diagnostics;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine.Apply;
using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>A bar on standard error while a change takes longer than a second; nothing when nobody watches.</summary>
internal sealed class ProgressLine(Screen screen) : IApplyObserver
{
    private const int Width = 30, Patience = 1000; // characters; milliseconds after which a person wonders
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private bool _shown;

    public bool StepByStep => false;

    public void Before(int first, int total, Step step) => Show(first, total, $"{PlanText.Word(step.Key.Kind)} {step.Key.Name}");

    public void After(int done, int total)
    {
        if (done == total) Clear();
    }

    /// <summary>Takes the line away.</summary>
    internal void Clear()
    {
        if (_shown) Console.Error.Write("\r\u001b[K");
        _shown = false;
    }

    /// <summary>Shows what a daemon says of a change; the whole of it takes the line away.</summary>
    internal void Show(ProgressDocument p)
    {
        Show(p.Done, p.Total, p.Step);
        After(p.Done, p.Total);
    }

    private void Show(int done, int total, string what)
    {
        if (Console.IsErrorRedirected || (!_shown && _since.ElapsedMilliseconds < Patience)) return;
        _shown = true;
        var full = total == 0 ? Width : Width * done / total;
        Console.Error.Write($"\r{(screen.Ansi ? "\u001b[K" : "")}[{new string('=', full)}{new string(' ', Width - full)}] {done}/{total} {what}");
    }
}
