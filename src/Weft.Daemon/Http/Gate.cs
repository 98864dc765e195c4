using System.Text.Json;
using Weft.Daemon.Security;
using Weft.Engine.Documents;

namespace Weft.Daemon.Http;

/// <summary>Every request comes through here: who is it, may they, and what became of it.</summary>
internal sealed class Gate(Hosts hosts, Authenticator who, Pace pace, AuditLog audit, TimeProvider clock)
{
    internal async Task Enter(HttpContext http, ApiEndpoint endpoint)
    {
        var visit = new Visit(http, endpoint, audit, clock);
        try
        {
            visit.Caller = who.Who(http);
            Admit(visit.Caller, endpoint);
            Known(http.Request.Query, endpoint);
            visit.Call = new ApiCall(http, visit.Caller, hosts, () => who.Known(http), visit.Record);
            await endpoint.Handle(visit.Call);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            visit.Record(http.Response.StatusCode, "the client went away"); // nobody is left to be answered
        }
        catch (Exception e) when (Problem(e) is { } problem)
        {
            visit.Record(problem.Status, problem.Detail);
            await Refuse(http, problem);
        }
        finally
        {
            visit.Record(http.Response.StatusCode);
        }
    }

    /// <summary>Answers with a problem; one that comes when the answer has begun can only end the connection.</summary>
    internal static async Task Refuse(HttpContext http, ProblemDocument problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 6750, section 3
        http.Response.ContentType = "application/problem+json";
        await JsonSerializer.SerializeAsync(http.Response.Body, problem, DocumentJson.Default.ProblemDocument, http.RequestAborted);
    }

    /// <summary>The problem that a fault is to whoever asked; null for a fault of the daemon itself.</summary>
    internal static ProblemDocument? Problem(Exception e) => e switch
    {
        ProblemException p => p.Problem,
        BusyException => Http.Problem.Of(StatusCodes.Status503ServiceUnavailable, e.Message),
        BadHttpRequestException bad => Http.Problem.Of(bad.StatusCode, bad.Message),
        ArgumentException => Http.Problem.Of(StatusCodes.Status400BadRequest, e.Message),
        IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException => Http.Problem.Of(StatusCodes.Status500InternalServerError, e.Message),
        _ => null,
    };

    // Who mistypes dry_run must not change the host.
    private static void Known(IQueryCollection query, ApiEndpoint endpoint)
    {
        foreach (var (name, values) in query)
        {
            if (!endpoint.Parameters.Any(p => p.Name == name)) throw new ProblemException(StatusCodes.Status400BadRequest, $"there is no parameter {name}: /v1/openapi.json lists what there is");
            if (values.Any(string.IsNullOrEmpty)) throw new ProblemException(StatusCodes.Status400BadRequest, $"parameter {name} is empty: leave it away, or give it a value");
        }
    }

    private void Admit(Caller caller, ApiEndpoint endpoint)
    {
        if (!caller.IsLocal) pace.Admit(caller.Name);
        if (caller.Role < endpoint.Role) throw new ProblemException(StatusCodes.Status403Forbidden, $"{caller.Name} is {Word(caller.Role)}; this needs {Word(endpoint.Role)}");
    }

    private static string Word<T>(T role) where T : struct, Enum => role.ToString().ToLowerInvariant();

    /// <summary>A request from its coming to its end.</summary>
    private sealed class Visit(HttpContext http, ApiEndpoint endpoint, AuditLog audit, TimeProvider clock)
    {
        private bool _recorded;

        internal Caller? Caller { get; set; }
        internal ApiCall? Call { get; set; }

        /// <summary>Writes down, once and before it is told to whoever asked, what became of a change, or who was turned away.</summary>
        internal void Record(int status, string? detail = null)
        {
            if (_recorded || !(endpoint.Role > Core.Spec.Daemon.Role.Viewer || status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)) return;
            _recorded = true;
            audit.Write(new(clock.GetUtcNow(), Caller?.Name, Caller?.From ?? $"{http.Connection.RemoteIpAddress}", Caller is null ? null : Word(Caller.Role), http.Request.Method,
                $"{http.Request.Path}{http.Request.QueryString}", status, Made?.Project, Made?.Token, Made?.Outcome, Made?.Revision, detail, Call?.What));
        }

        private ChangeDocument? Made => Call?.Made;
    }
}
