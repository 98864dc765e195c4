using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Weft.Daemon.Security;

namespace Weft.Daemon.Http;

/// <summary>Every request comes through here: who is it, may they, and what became of it.</summary>
internal sealed class Gate(Hosts hosts)
{
    internal async Task Enter(HttpContext http, ApiEndpoint endpoint)
    {
        try
        {
            var caller = Who(http) ?? throw new ProblemException(StatusCodes.Status403Forbidden, "who asks is neither root nor in the group weft or weft-view");
            if (caller.Role < endpoint.Role) throw new ProblemException(StatusCodes.Status403Forbidden, $"{caller.Name} is {Word(caller.Role)}; this needs {Word(endpoint.Role)}");
            await endpoint.Handle(new ApiCall(http, caller, hosts));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
        }
        catch (Exception e) when (Problem(e) is { } problem)
        {
            await Refuse(http, problem);
        }
    }

    /// <summary>Answers with a problem; one that comes when the answer has begun can only end the connection.</summary>
    internal static async Task Refuse(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = "application/problem+json";
        await JsonSerializer.SerializeAsync(http.Response.Body, problem, ProblemJson.Default.Problem, http.RequestAborted);
    }

    private static Caller? Who(HttpContext http) =>
        http.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket ? PeerRoles.Of(Peer.Of(socket)) : null;

    private static string Word(Role role) => role.ToString().ToLowerInvariant();

    internal static Problem? Problem(Exception e) => e switch
    {
        ProblemException p => p.Problem,
        BusyException => Http.Problem.Of(StatusCodes.Status503ServiceUnavailable, e.Message),
        BadHttpRequestException bad => Http.Problem.Of(bad.StatusCode, bad.Message),
        ArgumentException => Http.Problem.Of(StatusCodes.Status400BadRequest, e.Message),
        IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException => Http.Problem.Of(StatusCodes.Status500InternalServerError, e.Message),
        _ => null,
    };
}
