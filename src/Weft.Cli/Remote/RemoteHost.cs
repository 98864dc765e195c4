using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Weft.Engine;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli.Remote;

/// <summary>A host that is reached through its daemon.</summary>
/// <param name="daemon">The daemon.</param>
/// <param name="progress">Told how far a change is.</param>
internal sealed class RemoteHost(DaemonClient daemon, Action<ProgressDocument> progress) : IWeftHost
{
    public Document Show(ShowParts parts, string? project)
    {
        var known = parts is ShowParts.Networks or ShowParts.Ports or ShowParts.Leases or ShowParts.Addresses or ShowParts.Forwards;
        return Get(new Query($"/v1/{(known ? parts.ToString().ToLowerInvariant() : "state")}").With("project", project), DocumentJson.Default.ShowDocument);
    }

    public Document Ports(string machine) => Get(new Query("/v1/machines").Below(machine).Below("ports"), DocumentJson.Default.PortsDocument);

    public Document Projects(string? project) => Get(project is null ? new Query("/v1/projects") : new Query("/v1/projects").Below(project), DocumentJson.Default.ProjectsDocument);

    public Document History(string? project, int limit) =>
        Get(new Query("/v1/history").With("project", project).With("limit", limit.ToString(CultureInfo.InvariantCulture)), DocumentJson.Default.HistoryDocument);

    public PlanDocument Plan(SpecSource source) =>
        daemon.Ask(HttpMethod.Post, $"{new Query("/v1/plan").With("file", source.File)}", DocumentJson.Default.PlanDocument, new StringContent(source.Text)) is var answer && answer is PlanDocument plan
            ? plan : new PlanDocument { Ok = false, Diagnostics = answer.Diagnostics };

    public Document Diff(string? project) => Get(new Query("/v1/diff").With("project", project), DocumentJson.Default.DiffDocument);

    public OpenDocument? Waiting => (Get(new Query("/v1/pending"), DocumentJson.Default.PendingDocument) as PendingDocument)?.Open;

    public ChangeDocument Change(ChangeRequest request, IChangeClient client) => new RemoteChange(daemon, client, progress).Run(request);

    public ChangeDocument Confirm() => RemoteChange.Made(daemon.Ask(HttpMethod.Post, "/v1/confirm", DocumentJson.Default.ChangeDocument));

    public ChangeDocument? TakeBack(string why) => RemoteChange.Made(daemon.Ask(HttpMethod.Delete, $"{new Query("/v1/pending").With("why", why)}", DocumentJson.Default.ChangeDocument)) is var made
        && made.Diagnostics.Any(d => d.Code == ChangeDocument.NothingWaitsCode) ? null : made;

    private Document Get<T>(Query query, JsonTypeInfo<T> type) where T : Document => daemon.Ask(HttpMethod.Get, $"{query}", type);
}

/// <summary>A path with its query, in which every part is escaped.</summary>
/// <param name="Text">So far.</param>
internal sealed record Query(string Text)
{
    internal Query Below(string part) => new($"{Text}/{Uri.EscapeDataString(part)}");

    /// <summary>With a parameter more, unless it is null.</summary>
    internal Query With(string name, string? value) => value is null ? this : new($"{Text}{(Text.Contains('?') ? '&' : '?')}{name}={Uri.EscapeDataString(value)}");

    public override string ToString() => Text;
}
