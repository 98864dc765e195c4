using Weft.Engine.Documents;

namespace Weft.Engine.Service;

public sealed partial class EngineHost
{
    /// <summary>
    /// Makes ports' changes that wait at the same time: those that have nothing to do with each other as one, which is read, written to disk and told to the kernel once for all of them.
    /// One that is refused, and all of them when they fail together, are made by themselves, so that each is told what is its own. Each is done when this returns.
    /// </summary>
    /// <param name="several">What is wanted; without confirmation and probes.</param>
    public void Change(IReadOnlyList<PortChange> several)
    {
        foreach (var one in several.Count > 1 ? Together(several) : several)
            one.End(() => new EngineHost(options with { User = one.User }).Change(one.Request, one.Client));
    }

    // What is left to be made by itself. A host that cannot be acted on says so to each of them.
    private IReadOnlyList<PortChange> Together(IReadOnlyList<PortChange> several)
    {
        try
        {
            using var engine = WeftEngine.ToAct(options, $"{several.Count} ports");
            return engine.Waiting is null ? Together(engine, several) : several;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return [.. several.Where(c => !c.Done.IsCompleted)];
        }
    }

    private List<PortChange> Together(WeftEngine engine, IReadOnlyList<PortChange> several)
    {
        var members = several.DistinctBy(c => c.Machine).ToList();
        var proposals = engine.ProposeTogether([.. members.Select(c => c.Request)]);
        var agreed = members.Zip(proposals).Where(m => m.Second is { } p && Agrees(engine, m.First, p)).Select(m => (Change: m.First, Proposal: m.Second!)).ToList();
        if (agreed.Count > 0 && engine.ApplyTogether([.. agreed.Select(a => a.Proposal with { Change = a.Proposal.Change with { User = a.Change.User } })]) is { } outcomes)
            for (var i = 0; i < agreed.Count; i++)
            {
                var (change, proposal) = agreed[i];
                var outcome = outcomes[i];
                change.End(() => Told(change.Request, proposal, ChangeDocument.Of(proposal, outcome, engine.Repaired)));
            }
        return [.. several.Where(c => !c.Done.IsCompleted)];
    }

    // Who says no is asked again by itself, and told what comes of that.
    private static bool Agrees(WeftEngine engine, PortChange change, Proposal proposal)
    {
        try
        {
            if (RepairDocument.Of(engine.Repaired) is { } repair) change.Client.Repaired(repair);
            return change.Client.Planned(proposal.Plan) == Consent.Yes;
        }
        catch (Exception) when (!change.Done.IsCompleted) // the client's own, thrown again then
        {
            return false;
        }
    }
}
