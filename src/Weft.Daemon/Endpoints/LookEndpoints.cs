using System.Collections.Immutable;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Daemon.Endpoints;

/// <summary>What can be looked at.</summary>
internal static class LookEndpoints
{
    internal static readonly ApiParameter OfProject = new("project", "Only of this project"), Limit = new("limit", "At most so many, the newest first", "integer");

    internal static readonly ImmutableArray<ApiEndpoint> All =
    [
        new("GET", "/v1/version", Role.Viewer, "Which program answers", c => c.Answer(new VersionDocument(Product.Version, Api.Version), ApiJson.Default.VersionDocument)) { Result = ApiJson.Default.VersionDocument },
        Show("networks", "Networks, as declared and as they are", ShowParts.Networks),
        Show("ports", "Ports of machines, as declared and as they are", ShowParts.Ports),
        Show("leases", "What DHCP has given out", ShowParts.Leases),
        Show("addresses", "Who has which address since when", ShowParts.Addresses),
        Show("forwards", "Forwards and floating addresses, with what went through them", ShowParts.Forwards),
        Show("state", "All of these", ShowParts.All),
        new("GET", "/v1/machines/{machine}/ports", Role.Viewer, "How a machine is attached to its ports", Ports)
        {
            Parameters = [new("machine", "The machine")], Result = DocumentJson.Default.PortsDocument,
        },
        new("GET", "/v1/projects", Role.Viewer, "The projects, as last applied", Projects) { Result = DocumentJson.Default.ProjectsDocument },
        new("GET", "/v1/projects/{project}", Role.Viewer, "A project, as last applied, with its text", Project)
        {
            Parameters = [new("project", "The project")], Result = DocumentJson.Default.ProjectsDocument,
        },
        new("GET", "/v1/history", Role.Viewer, "What was done, when, by whom, and how it ended", History) { Parameters = [OfProject, Limit], Result = DocumentJson.Default.HistoryDocument },
        new("GET", "/v1/diff", Role.Viewer, "What on the host is no longer as it was applied", Diff) { Parameters = [OfProject], Result = DocumentJson.Default.DiffDocument },
    ];

    private static ApiEndpoint Show(string name, string summary, ShowParts parts) => new("GET", $"/v1/{name}", Role.Viewer, summary, c => Show(c, parts))
    {
        Parameters = [OfProject], Result = DocumentJson.Default.ShowDocument,
    };

    private static async Task Show(ApiCall call, ShowParts parts)
    {
        var project = call.Project();
        await call.Answer(await call.Known($"{parts} {project}", h => h.Show(parts, project) is var document && document is ShowDocument shown ? Sight.Of(call.Caller, shown) : document));
    }

    private static async Task Ports(ApiCall call)
    {
        var machine = call.Path("machine");
        var document = await call.Look(h => h.Ports(machine));
        await call.Answer(document is PortsDocument ports ? Sight.Of(call.Caller, ports) : document);
    }

    private static async Task Projects(ApiCall call)
    {
        var document = await call.Look(h => h.Projects(null));
        await call.Answer(document is ProjectsDocument all ? all with { Projects = [.. all.Projects.Where(p => call.Caller.Sees(p.Name))] } : document);
    }

    private static async Task Project(ApiCall call)
    {
        var project = call.Path("project");
        call.Demand(project);
        await call.Answer(await call.Look(h => h.Projects(project)));
    }

    private static async Task History(ApiCall call)
    {
        var (project, limit) = (call.Project(), (int)(call.Number("limit", 1, 10_000) ?? 100));
        var document = await call.Look(h => h.History(project, limit));
        await call.Answer(document is HistoryDocument h ? h with { Revisions = [.. h.Revisions.Where(r => call.Caller.Sees(r.Project))], Open = Sight.Of(call.Caller, h.Open) } : document);
    }

    // It repairs what a killed command left, so it acts.
    private static async Task Diff(ApiCall call)
    {
        var project = call.Project();
        var document = await call.Act(h => h.Diff(project));
        if (document is not DiffDocument diff) await call.Answer(document);
        else await call.Answer(diff with { Projects = [.. diff.Projects.Where(p => call.Caller.Sees(p.Project!))], Open = Sight.Of(call.Caller, diff.Open) }, DocumentJson.Default.DiffDocument);
    }
}
