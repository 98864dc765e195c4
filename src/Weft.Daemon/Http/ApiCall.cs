using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Daemon.Security;
using Weft.Engine.Apply;
using Weft.Engine.Documents;
using Weft.Engine.Metrics;
using Weft.Engine.Service;

namespace Weft.Daemon.Http;

/// <summary>One request: who asks for what, and the way to answer.</summary>
internal sealed class ApiCall(HttpContext http, Caller caller, Hosts hosts, Func<Caller?> again, Action<int, string?> record)
{
    internal HttpContext Http => http;
    internal Caller Caller => caller;

    /// <summary>Refuses a caller who is not who he was when the request came: his token was removed, or has ended since.</summary>
    /// <exception cref="ProblemException">That is so.</exception>
    internal void DemandStill()
    {
        if (again() is not { } now || now.Name != caller.Name || now.Role < caller.Role) throw new ProblemException(StatusCodes.Status403Forbidden, $"{caller.Name} may no longer do what it did");
    }

    /// <summary>What became of a change, for the audit log.</summary>
    internal ChangeDocument? Made { get; set; }

    /// <summary>What change is asked for, in words, for the audit log.</summary>
    internal string? What { get; set; }

    /// <summary>Writes the end of the request into the audit log, before it is told.</summary>
    /// <param name="problem">What went wrong; null when all is well.</param>
    internal void Record(ProblemDocument? problem = null) => record(problem?.Status ?? http.Response.StatusCode, problem?.Detail);

    /// <summary>Looks at the host.</summary>
    internal Task<T> Look<T>(Func<IWeftHost, T> job) => hosts.Look(caller, job, http.RequestAborted);

    /// <summary>Acts on the host.</summary>
    internal Task<T> Act<T>(Func<IWeftHost, T> job, IApplyObserver? observer = null, Action? stir = null) => hosts.Act(caller, job, http.RequestAborted, observer, stir);

    /// <summary>Makes a port's change, together with others that wait.</summary>
    internal Task<ChangeDocument> Join(ChangeRequest request, IChangeClient client) => hosts.Join(caller, request, client, http.RequestAborted);

    /// <summary>A parameter of the path.</summary>
    internal string Path(string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A parameter of the query; null when it was not given.</summary>
    /// <exception cref="ProblemException">It is given twice.</exception>
    internal string? Query(string name) => http.Request.Query[name] switch
    {
        [] => null,
        [{ Length: > 0 } value] => value,
        [_] => null,
        _ => throw new ProblemException(StatusCodes.Status400BadRequest, $"parameter {name} is given more than once"),
    };

    /// <summary>A number of the query; null when it was not given.</summary>
    /// <exception cref="ProblemException">It is none, or out of range.</exception>
    internal long? Number(string name, long least, long most)
    {
        if (Query(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most ? n
            : throw new ProblemException(StatusCodes.Status400BadRequest, $"parameter {name}: '{text}' is no number of {least} to {most}");
    }

    /// <summary>true or false of the query.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="otherwise">Where it was not given.</param>
    /// <exception cref="ProblemException">It is neither.</exception>
    internal bool Flag(string name, bool otherwise = false) => Query(name) switch
    {
        null => otherwise,
        "true" => true,
        "false" => false,
        var other => throw new ProblemException(StatusCodes.Status400BadRequest, $"parameter {name}: '{other}' is neither true nor false"),
    };

    /// <summary>The project that is asked about; null for all that the caller sees.</summary>
    /// <exception cref="ProblemException">The caller has no business with it.</exception>
    internal string? Project()
    {
        if (Query("project") is not { } project) return null;
        Demand(project);
        return project;
    }

    /// <summary>Refuses a caller who has no business with a project.</summary>
    /// <exception cref="ProblemException">That is so.</exception>
    internal void Demand(string project)
    {
        if (!caller.Sees(project)) throw new ProblemException(StatusCodes.Status403Forbidden, $"{caller.Name} has no business with project {project}");
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProblemException">It is not what is wanted.</exception>
    internal Task<T> Body<T>(JsonTypeInfo<T> type) where T : class => ApiBody.Read(http, type);

    /// <summary>All figures of the host.</summary>
    internal Task<MetricsSnapshot> Figures() => hosts.Figures();

    /// <summary>Looks at the host, or takes what somebody else who sees as much has just been told.</summary>
    /// <param name="question">The same for the same answer.</param>
    /// <param name="job">Finds the answer.</param>
    internal Task<byte[]> Known(string question, Func<IWeftHost, Document> job) => Known(question, async () => Bytes(await hosts.Look(caller, job, CancellationToken.None)));

    /// <inheritdoc cref="Known(string, Func{IWeftHost, Document})"/>
    internal Task<byte[]> Known(string question, Func<Task<byte[]>> job) =>
        hosts.State.Get($"{question} {(caller.Projects is { } some ? string.Join(',', some.Order(StringComparer.Ordinal)) : "*")}", job);

    /// <summary>Answers with a document, or with the problem that it tells of.</summary>
    internal Task Answer(Document document) => Answer(Bytes(document));

    /// <summary>Answers with a value as JSON.</summary>
    internal Task Answer(object value, JsonTypeInfo type) => Answer(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Answers with what was written before.</summary>
    internal async Task Answer(byte[] bytes, string mediaType = "application/json")
    {
        Record();
        http.Response.ContentType = mediaType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static byte[] Bytes(Document document) => document.Ok
        ? JsonSerializer.SerializeToUtf8Bytes(document, DocumentJson.Default.GetTypeInfo(document.GetType())!)
        : throw new ProblemException(Problem.Of(ProblemStatus.Of(document), document));
}
