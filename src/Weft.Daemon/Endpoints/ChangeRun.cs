using System.Globalization;
using Weft.Daemon.Http;
using Weft.Engine;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Daemon.Endpoints;

/// <summary>A change on its way: agrees to the plan that was expected, for projects that the caller has business with, and tells how far it is.</summary>
internal sealed class ChangeRun(ApiCall call, string? expect) : IChangeClient
{
    private const long LongestWait = 24 * 60 * 60; // seconds: who does not confirm within a day will not
    private string? _plan;

    /// <summary>Makes it and answers, at the end or as it goes.</summary>
    internal static async Task Of(ApiCall call, ChangeRequest request)
    {
        var run = new ChangeRun(call, call.Query("expect"));
        var wanted = request with { Confirm = call.Number("confirm", 1, LongestWait) is { } s ? TimeSpan.FromSeconds(s) : null, Probes = [.. Probes(call)] };
        ChangeDocument Make(IWeftHost host) => call.Made = host.Change(wanted, run) with { Token = run._plan };
        if (ChangeStream.IsWanted(call.Http)) await new ChangeStream(call).Run(observer => call.Act(Make, observer));
        else await call.Answer(await call.Act(Make));
    }

    public void Repaired(Repair repair) { }

    public Consent Planned(Proposal proposal)
    {
        call.Demand(proposal.Plan.Project);
        _plan = PlanToken.Of(StepDocument.Of(proposal.Plan.Steps));
        return expect is null || expect == _plan ? Consent.Yes
            : throw new ProblemException(StatusCodes.Status409Conflict, "the host or the allocations changed since the plan was made; nothing was done: look at the new plan");
    }

    public bool Agrees() => true;

    private static IEnumerable<string> Probes(ApiCall call)
    {
        foreach (var probe in call.Http.Request.Query["probe"])
            yield return probe is null or "ssh" ? throw new ProblemException(StatusCodes.Status400BadRequest, "probe ssh: a request comes from no terminal; name a target with gateway, tcp: or ping:") : probe;
    }
}
