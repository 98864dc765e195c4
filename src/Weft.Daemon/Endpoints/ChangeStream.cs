using System.Text.Json;
using System.Threading.Channels;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Daemon.Http;
using Weft.Engine.Apply;
using Weft.Engine.Documents;

namespace Weft.Daemon.Endpoints;

/// <summary>Answers a change as it goes: the events "plan", "progress", then "result" or "problem" (server-sent events, HTML 9.2).</summary>
internal sealed class ChangeStream(ApiCall call) : IApplyObserver
{
    // The engine does not wait for a slow client: of the progress only the newest counts.
    private readonly Channel<ProgressDocument> _progress = Channel.CreateBounded<ProgressDocument>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private ChangeDocument? _plan;
    private int _total, _round; // of the thread that acts

    public bool StepByStep => false;

    internal static bool IsWanted(HttpContext http) => http.Request.Headers.Accept.ToString().Contains(EventStream.MediaType, StringComparison.Ordinal);

    /// <summary>Tells the plan, before the first step.</summary>
    internal void Planned(ChangeDocument plan) => Volatile.Write(ref _plan, plan);

    public void Before(int first, int total, Step step) => _progress.Writer.TryWrite(new(first, _total = total, $"{PlanText.Word(step.Key.Kind)} {step.Key.Name}"));

    public void After(int done, int total) { }

    /// <summary>Tells that the probes are asked once more.</summary>
    internal void Probing() => _progress.Writer.TryWrite(new(_total, _total, "probes") { Round = ++_round });

    internal async Task Run(Func<ChangeStream, Task<ChangeDocument>> change)
    {
        var stream = await EventStream.Begin(call.Http);
        var made = change(this);
        _ = made.ContinueWith(_ => _progress.Writer.Complete(), TaskScheduler.Default);
        try
        {
            await Tell(stream);
            await End(stream, made);
        }
        finally
        {
            await ((Task)made).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the audit log says how it ended, also when its client is gone
        }
    }

    private async Task Tell(EventStream stream)
    {
        await foreach (var p in _progress.Reader.ReadAllAsync(call.Http.RequestAborted))
        {
            await Plan(stream);
            await stream.Send("progress", JsonSerializer.SerializeToUtf8Bytes(p, DocumentJson.Default.ProgressDocument));
        }
        await Plan(stream);
    }

    private async Task Plan(EventStream stream)
    {
        if (Interlocked.Exchange(ref _plan, null) is { } plan) await stream.Send("plan", JsonSerializer.SerializeToUtf8Bytes(plan, DocumentJson.Default.ChangeDocument));
    }

    private async Task End(EventStream stream, Task<ChangeDocument> made)
    {
        await ((Task)made).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var problem = made.Exception?.InnerException is { } e ? Gate.Problem(e) : null;
        if (made.IsCompletedSuccessfully || problem is not null) call.Record(problem);
        if (problem is not null) await stream.Send("problem", JsonSerializer.SerializeToUtf8Bytes(problem, DocumentJson.Default.ProblemDocument));
        else await stream.Send("result", JsonSerializer.SerializeToUtf8Bytes(await made, DocumentJson.Default.ChangeDocument));
    }
}
