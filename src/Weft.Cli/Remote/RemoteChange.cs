using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Core.Diagnostics;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli.Remote;

/// <summary>A change that a daemon makes: its plan is shown first where somebody wants to agree to it.</summary>
internal sealed class RemoteChange(DaemonClient daemon, IChangeClient client, Action<ProgressDocument> progress)
{
    private bool _told;

    internal ChangeDocument Run(ChangeRequest request)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Console.Error.WriteLine($"weft: interrupted; weftd of {daemon.Name} ends what it has begun: weft history tells how"));
        var (method, query, body) = Wanted(request);
        var changes = query.With("confirm", Seconds(request.Confirm));
        foreach (var probe in request.Probes) changes = changes.With("probe", probe);
        if (client.AgreesBeforehand) return Told(Made(daemon.Follow(method, $"{changes}", body(), Heard)));
        var plan = Told(Made(daemon.Ask(method, $"{changes.With("dry_run", "true")}", DocumentJson.Default.ChangeDocument, body())));
        if (!plan.Ok || !Agreed(plan)) return plan.Ok ? EngineHost.NotAgreed : plan;
        return Made(daemon.Follow(method, $"{changes.With("expect", plan.Token)}", body(), (name, data) => name == "plan" ? null : Heard(name, data)));
    }

    /// <summary>The document of a change that was made or refused.</summary>
    internal static ChangeDocument Made(Document answer) => answer as ChangeDocument ?? new ChangeDocument { Ok = false, Diagnostics = answer.Diagnostics };

    // The first document has it, whichever that is; who is shown a plan gets to know before.
    private ChangeDocument Told(ChangeDocument document)
    {
        if (!_told && document.Repaired is { } repair) client.Repaired(repair);
        _told |= document.Repaired is not null;
        return document;
    }

    private bool Agreed(ChangeDocument plan) => client.Planned(plan.ToPlan()) switch
    {
        Consent.No => false,
        Consent.Ask when plan.Changes > 0 => client.Agrees(),
        _ => true,
    };

    private Document? Heard(string name, string data)
    {
        switch (name)
        {
            case "plan": client.Planned(Told(Read(data, DocumentJson.Default.ChangeDocument)).ToPlan()); break;
            case "progress": progress(Read(data, DocumentJson.Default.ProgressDocument)); break;
            case "result": return Read(data, DocumentJson.Default.ChangeDocument);
            case "problem": return daemon.Refused(Read(data, DocumentJson.Default.ProblemDocument));
        }
        return null;
    }

    private static (HttpMethod Method, Query Query, Func<HttpContent?> Body) Wanted(ChangeRequest request) => request switch
    {
        ApplyRequest a => (HttpMethod.Post, new Query("/v1/apply").With("file", a.Source.File), () => new StringContent(a.Source.Text)),
        DestroyRequest d => (HttpMethod.Delete, new Query("/v1/projects").Below(d.Project), () => null),
        RollbackRequest r => (HttpMethod.Post, new Query("/v1/rollback").With("revision", r.Revision?.ToString(CultureInfo.InvariantCulture)).With("project", r.Project), () => null),
        AddPortRequest p => (HttpMethod.Post, new Query("/v1/ports"), () => Json(new PortBody(p.Machine, p.Network, p.Project, p.Mac?.ToString(), [.. p.Addresses.Select(a => $"{a}")]))),
        RemovePortRequest p => (HttpMethod.Delete, new Query("/v1/ports").Below(p.Machine).With("network", p.Network).With("project", p.Project), () => null),
        _ => throw new ArgumentException($"{request.What} is not for a daemon"),
    };

    private static ByteArrayContent Json(PortBody port) =>
        new(JsonSerializer.SerializeToUtf8Bytes(port, DocumentJson.Default.PortBody)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static string? Seconds(TimeSpan? time) => time is { } t ? ((long)t.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;

    private T Read<T>(string data, JsonTypeInfo<T> type) => daemon.Understood(() => JsonSerializer.Deserialize(data, type));
}
