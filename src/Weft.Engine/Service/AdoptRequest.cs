using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Engine.Documents;

namespace Weft.Engine.Service;

/// <summary>Take bridges of somebody else's over.</summary>
/// <param name="Source">The file that declares them.</param>
/// <param name="Libvirt">Names of libvirt's networks, by the project's networks.</param>
/// <param name="Remarks">What is to be known about the file.</param>
public sealed record AdoptRequest(SpecSource Source, IReadOnlyDictionary<string, string> Libvirt, ImmutableArray<Diagnostic> Remarks) : ChangeRequest
{
    /// <inheritdoc/>
    public override string What => $"adopt {Source.File}";

    internal override Proposal Propose(WeftEngine engine) => engine.ProposeAdoption(Source, Libvirt, Remarks);
}

public sealed partial class EngineHost
{
    /// <summary>What an adoption would change.</summary>
    /// <exception cref="IOException">The host cannot be read.</exception>
    public PlanDocument Plan(AdoptRequest request)
    {
        using var engine = WeftEngine.ToCompare(options, request.What);
        return PlanDocument.Of(request.Propose(engine), engine.Repaired) with { Open = OpenDocument.Of(engine.Store.Open()) };
    }
}
