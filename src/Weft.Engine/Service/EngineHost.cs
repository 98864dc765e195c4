using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Engine.Confirm;
using Weft.Engine.Documents;

namespace Weft.Engine.Service;

/// <summary>This host. Belongs to a thread that is in the target network namespace.</summary>
/// <param name="options">Where and for whom.</param>
public sealed partial class EngineHost(EngineOptions options) : IWeftHost
{
    /// <inheritdoc/>
    public Document Show(ShowParts parts, string? project)
    {
        using var engine = WeftEngine.ToLook(options);
        return project is not null && engine.Unknown(project) is { } unknown ? Document.Refused(unknown) : StateReader.Read(engine, parts, project, options.NetNs);
    }

    /// <inheritdoc/>
    public Document Ports(string machine)
    {
        using var engine = WeftEngine.ToLook(options);
        var given = engine.Store.Allocations();
        ImmutableArray<PortDocument> ports = [.. given.Ports.Where(p => p.Machine == machine).Select(p => PortDocument.Of(p, given.Network(p.Project, p.Network)?.Bridge ?? "", options.NetNs))];
        return ports.IsEmpty
            ? Document.Refused(new Diagnostic("WEFT2010", Severity.Error, $"machine {machine} has no port", Location.None, "weft show ports lists them"))
            : new PortsDocument { Ok = true, Diagnostics = [], Ports = ports, Open = OpenDocument.Of(engine.Store.Open()) };
    }

    /// <inheritdoc/>
    public Document Projects(string? project)
    {
        using var engine = WeftEngine.ToLook(options);
        if (project is not null && engine.Unknown(project) is { } unknown) return Document.Refused(unknown);
        var rows = engine.Store.Projects.Where(r => project is null || r.Name == project);
        return new ProjectsDocument { Ok = true, Diagnostics = [], Projects = [.. rows.Select(r => new ProjectDocument(r.Name, r.Revision, r.File, project is null ? null : r.Text))] };
    }

    /// <inheritdoc/>
    public Document History(string? project, int limit)
    {
        using var engine = WeftEngine.ToLook(options);
        var rows = engine.Store.Revisions(project, limit);
        // One that is gone has its history.
        if (rows.Count == 0 && project is not null && engine.Unknown(project) is { } unknown) return Document.Refused(unknown);
        return new HistoryDocument { Ok = true, Diagnostics = [], Revisions = [.. rows.Select(RevisionDocument.Of)], Open = OpenDocument.Of(engine.Store.Open()) };
    }

    /// <inheritdoc/>
    public PlanDocument Plan(SpecSource source)
    {
        using var engine = WeftEngine.ToCompare(options, "plan");
        return PlanDocument.Of(engine.Propose(source), engine.Repaired) with { Open = OpenDocument.Of(engine.Store.Open()) };
    }

    /// <inheritdoc/>
    public Document Diff(string? project)
    {
        using var engine = WeftEngine.ToCompare(options, "diff");
        if (project is not null && engine.Unknown(project) is { } unknown) return Document.Refused(unknown);
        var proposals = engine.Store.Projects.Where(p => project is null || p.Name == project).Select(p => engine.Propose(new SpecSource(p.File, p.Text))).ToList();
        return new DiffDocument
        {
            Ok = proposals.TrueForAll(p => p.Succeeded),
            Diagnostics = DiagnosticDocument.Of(proposals.SelectMany(p => p.Plan.Notes)),
            Projects = [.. proposals.Select(p => PlanDocument.Of(p, null))],
            Repaired = RepairDocument.Of(engine.Repaired),
            Open = OpenDocument.Of(engine.Store.Open()),
        };
    }
}
