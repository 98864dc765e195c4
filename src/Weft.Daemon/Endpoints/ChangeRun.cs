using Weft.Core.Planning;
using Weft.Daemon.Http;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Daemon.Endpoints;

/// <summary>A change on its way: agrees to the plan that was expected, for projects that the caller has business with, and tells how far it is.</summary>
internal sealed class ChangeRun : IChangeClient
{
    private const long LongestWait = 24 * 60 * 60; // seconds: who does not confirm within a day will not

    internal static readonly ApiParameter DryRun = new("dry_run", "true: only plan it; the outcome is null", "boolean");

    private readonly ApiCall _call;
    private readonly ChangeRequest _request;
    private readonly string? _expect;
    private readonly bool _dry;
    private RepairDocument? _repaired;
    private ChangeDocument? _plan;
    private ChangeStream? _stream;

    private ChangeRun(ApiCall call, ChangeRequest request)
    {
        (_call, _expect, _dry) = (call, call.Query("expect"), call.Flag("dry_run"));
        call.What = request.What;
        _request = request with { Sees = call.Caller.Sees, Confirm = call.Number("confirm", 1, LongestWait) is { } s ? TimeSpan.FromSeconds(s) : null, Probes = [.. Probes(call)] };
    }

    /// <summary>Makes it and answers, at the end or as it goes.</summary>
    internal static Task Of(ApiCall call, ChangeRequest request) => new ChangeRun(call, request).Run();

    public void Repaired(RepairDocument repair) => _repaired = Sight.Of(_call.Caller, repair);

    public Consent Planned(Plan plan)
    {
        _call.Demand(plan.Project);
        _plan = ChangeDocument.Planned(plan) with { Repaired = _repaired };
        if (_dry) return Consent.No;
        if (_expect is not null && _expect != _plan.Token)
            throw new ProblemException(StatusCodes.Status409Conflict, "the host or the allocations changed since the plan was made; nothing was done: look at the new plan");
        _stream?.Planned(_plan);
        return Consent.Yes;
    }

    public bool AgreesBeforehand => true;

    public bool Agrees() => true;

    private async Task Run()
    {
        if (ChangeStream.IsWanted(_call.Http)) await (_stream = new ChangeStream(_call)).Run(stream => _call.Act(Make, stream, stream.Probing));
        else await _call.Answer(IsPort && !_dry ? Made(await _call.Join(_request, this)) : await _call.Act(Make));
    }

    private bool IsPort => _request is { Confirm: null, Probes: [] } and (AddPortRequest or RemovePortRequest);

    private ChangeDocument Make(IWeftHost host)
    {
        var document = host.Change(_request, this);
        if (_dry) return _plan ?? document;
        return Made(document);
    }

    private ChangeDocument Made(ChangeDocument document) => _call.Made = document with { Token = _plan?.Token, Repaired = Sight.Of(_call.Caller, document.Repaired) };

    private static IEnumerable<string> Probes(ApiCall call)
    {
        foreach (var probe in call.Http.Request.Query["probe"])
            yield return probe is null or "ssh" ? throw new ProblemException(StatusCodes.Status400BadRequest, "probe ssh: a request comes from no terminal; name a target with gateway, tcp: or ping:") : probe;
    }
}
