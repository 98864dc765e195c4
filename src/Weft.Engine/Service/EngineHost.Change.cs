using Weft.Core.Diagnostics;
using Weft.Engine.Apply;
using Weft.Engine.Confirm;
using Weft.Engine.Documents;

namespace Weft.Engine.Service;

public sealed partial class EngineHost
{
    private const string TooLate = "it was confirmed too late";

    /// <inheritdoc/>
    public OpenDocument? Waiting
    {
        get
        {
            using var engine = WeftEngine.ToLook(options);
            return OpenDocument.Of(engine.Waiting);
        }
    }

    /// <inheritdoc/>
    public ChangeDocument Change(ChangeRequest request, IChangeClient client)
    {
        var engine = WeftEngine.ToAct(options, request.What);
        try
        {
            if (RepairDocument.Of(engine.Repaired) is { } repair) client.Repaired(repair);
            return Change(ref engine, request, client);
        }
        finally
        {
            engine.Dispose();
        }
    }

    /// <inheritdoc/>
    public ChangeDocument Confirm()
    {
        using var engine = WeftEngine.ToAct(options, "confirm", takeBackPending: false);
        if (engine.Waiting is not { } row) return ChangeDocument.NothingWaits with { Repaired = RepairDocument.Of(engine.Repaired) };
        // Its guard is gone, or waits for the lock: nobody confirmed while there was time.
        if (row.Deadline <= options.Clock.GetUtcNow()) return ChangeDocument.TakenBack(engine.TakeBack(TooLate), asked: false);
        return new() { Ok = true, Diagnostics = [], Project = row.Change.Project, Outcome = "committed", Revision = engine.Confirm(), Repaired = RepairDocument.Of(engine.Repaired) };
    }

    /// <inheritdoc/>
    public ChangeDocument? TakeBack(string why)
    {
        using var engine = WeftEngine.ToAct(options, "rollback", takeBackPending: false);
        return engine.Waiting is null ? null : ChangeDocument.TakenBack(engine.TakeBack(why), asked: true);
    }

    private ChangeDocument Change(ref WeftEngine engine, ChangeRequest request, IChangeClient client)
    {
        var repaired = engine.Repaired;
        if (engine.Waiting is { } open) return ChangeDocument.Refused(repaired, Waits(open, request.Sees(open.Change.Project)));
        var proposal = request.Propose(engine);
        if (!proposal.Succeeded) return ChangeDocument.Refused(repaired, proposal.Plan.Notes);
        var probe = Probe(request);
        switch (client.Planned(proposal.Plan))
        {
            case Consent.No: return ChangeDocument.Refused(repaired, Declined);
            case Consent.Ask when !proposal.Plan.IsEmpty:
                engine.Dispose();
                if (!client.Agrees()) return ChangeDocument.Refused(repaired, Declined);
                engine = WeftEngine.ToAct(options, request.What);
                if (engine.Refresh(proposal) is not { } fresh) return ChangeDocument.Refused(repaired, Changed);
                proposal = fresh;
                break;
        }
        var outcome = engine.Apply(proposal, request.Confirm is { } wait ? new ConfirmOptions(wait) : null, probe);
        return Told(request, proposal, ChangeDocument.Of(proposal, outcome, repaired));
    }

    private ChangeDocument Told(ChangeRequest request, Proposal proposal, ChangeDocument document)
    {
        if (!document.Ok || request is not AddPortRequest add) return document;
        var port = add.Given(proposal);
        return document with { Port = PortDocument.Of(port, proposal.Given.Network(port.Project, port.Network)!.Bridge, options.NetNs) };
    }

    private Func<CancellationToken, string?>? Probe(ChangeRequest request)
    {
        if (request.Probes.IsDefaultOrEmpty) return null;
        var probe = new ConnectivityProbe(request.Probes.Select(ProbeTarget.Parse)) { Stir = options.Stir };
        return stop => probe.Complaint(ConnectivityProbe.Patience, stop) is { } complaint ? $"not everything is reachable any more: {complaint}" : null;
    }

    /// <summary>Whoever was asked said no.</summary>
    public static ChangeDocument NotAgreed => ChangeDocument.Refused(null, Declined);

    private static Diagnostic Declined => Fault("WEFT4023", "it was not agreed to; nothing was done", null);

    private static Diagnostic Changed => Fault("WEFT4024", "the host or the allocations changed since the plan was made; nothing was done", "look at the new plan");

    private static Diagnostic Waits(Store.JournalRow open, bool named) =>
        Fault("WEFT4025", $"a change of {(named ? $"project {open.Change.Project}" : "another project")} waits to be confirmed until {open.Deadline:HH:mm:ss} UTC", "weft confirm keeps it, weft rollback takes it back");

    private static Diagnostic Fault(string code, string message, string? hint) => new(code, Severity.Error, message, Location.None, hint);
}
