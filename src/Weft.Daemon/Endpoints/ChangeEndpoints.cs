using System.Collections.Immutable;
using System.Text;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Engine;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Daemon.Endpoints;

/// <summary>Plans, and changes of projects.</summary>
internal static class ChangeEndpoints
{
    private static readonly ApiParameter File = new("file", "Name of the file, for diagnostics and the history");
    private static readonly ImmutableArray<ApiParameter> Confirming =
    [
        new("confirm", "Seconds that the change waits to be confirmed before it is taken back", "integer"),
        new("probe", "Must be reachable afterwards, else it is taken back: gateway, tcp:HOST:PORT, ping:HOST") { Many = true },
        new("expect", "The token of the plan that was agreed to; another plan is refused"),
        ChangeRun.DryRun,
    ];

    internal static readonly ImmutableArray<ApiEndpoint> All =
    [
        new("POST", "/v1/plan", Role.Viewer, "What a project file would change", Plan) { TakesFile = true, Parameters = [File], Result = DocumentJson.Default.PlanDocument },
        new("POST", "/v1/apply", Role.Operator, "Make the host as a project file says; with Accept: text/event-stream the plan, the progress and the result as they come", Apply)
        {
            TakesFile = true, Parameters = [File, .. Confirming], Result = DocumentJson.Default.ChangeDocument,
        },
        new("DELETE", "/v1/projects/{project}", Role.Operator, "Remove everything of a project", Destroy)
        {
            Parameters = [new("project", "The project"), .. Confirming], Result = DocumentJson.Default.ChangeDocument,
        },
        new("POST", "/v1/rollback", Role.Operator, "Apply an earlier revision again", Rollback)
        {
            Parameters = [new("revision", "Its number; the file applied before the present one when left out", "integer"), new("project", "Of this project"), .. Confirming],
            Result = DocumentJson.Default.ChangeDocument,
        },
        new("GET", "/v1/pending", Role.Viewer, "The change that waits to be confirmed", Pending) { Result = DocumentJson.Default.PendingDocument },
        new("POST", "/v1/confirm", Role.Operator, "Keep the change that waits to be confirmed", Confirm) { Result = DocumentJson.Default.ChangeDocument },
        new("DELETE", "/v1/pending", Role.Operator, "Take the change that waits to be confirmed back", TakeBack)
        {
            Parameters = [new("why", "The reason, for the history")], Result = DocumentJson.Default.ChangeDocument,
        },
    ];

    private static async Task Plan(ApiCall call)
    {
        var source = await Source(call);
        var plan = await call.Act(h => h.Plan(source));
        if (plan.Project is { Length: > 0 } project) call.Demand(project);
        await call.Answer(plan with { Open = Sight.Of(call.Caller, plan.Open) });
    }

    private static async Task Apply(ApiCall call) => await ChangeRun.Of(call, new ApplyRequest(await Source(call)));

    private static Task Destroy(ApiCall call)
    {
        call.Demand(call.Path("project"));
        return ChangeRun.Of(call, new DestroyRequest(call.Path("project")));
    }

    private static Task Rollback(ApiCall call) => ChangeRun.Of(call, new RollbackRequest(call.Number("revision", 1, long.MaxValue), call.Project()));

    private static async Task Pending(ApiCall call) =>
        await call.Answer(new PendingDocument { Ok = true, Diagnostics = [], Open = Sight.Of(call.Caller, await call.Look(h => h.Waiting)) });

    private static async Task Confirm(ApiCall call) => await call.Answer(call.Made = await call.Act(h =>
    {
        DemandWaiting(call, h);
        return h.Confirm();
    }));

    private static async Task TakeBack(ApiCall call)
    {
        var why = call.Query("why") is { } reason ? $"{reason} ({call.Caller.Name})" : $"taken back by {call.Caller.Name}";
        await call.Answer(call.Made = await call.Act(h =>
        {
            DemandWaiting(call, h);
            return h.TakeBack(why);
        }) ?? ChangeDocument.NothingWaits);
    }

    // Whoever has no business with the project of the change that waits neither keeps it nor takes it back.
    private static void DemandWaiting(ApiCall call, IWeftHost host)
    {
        if (host.Waiting is { } waiting && !call.Caller.Sees(waiting.Project)) throw new ProblemException(StatusCodes.Status403Forbidden, $"{call.Caller.Name} has no business with the project of the change that waits");
    }

    private static async Task<SpecSource> Source(ApiCall call)
    {
        using var body = new MemoryStream();
        await call.Http.Request.Body.CopyToAsync(body, call.Http.RequestAborted);
        var (file, bytes) = (call.Query("file") ?? "the request", body.ToArray());
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return new SpecSource(file, Encoding.UTF8.GetString(bytes));
        var faults = new DiagnosticBag();
        SpecReader.Load(file, bytes, faults); // says what is wrong with them
        throw new ProblemException(Problem.Of(StatusCodes.Status422UnprocessableEntity, Document.Refused(faults.Items)));
    }
}
