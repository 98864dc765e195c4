using System.Collections.Immutable;
using System.Net;
using Weft.Core.Model;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Daemon.Endpoints;

/// <summary>Ports of machines that no file declares.</summary>
internal static class PortEndpoints
{
    internal static readonly ImmutableArray<ApiEndpoint> All =
    [
        new("POST", "/v1/ports", Role.Operator, "Give a machine a port: a tap with its policy in place before it is up", Add)
        {
            Parameters = [ChangeRun.DryRun], Body = ApiJson.Default.PortBody, Result = DocumentJson.Default.ChangeDocument,
        },
        new("DELETE", "/v1/ports/{machine}", Role.Operator, "Remove a machine's port; its addresses are free again", Remove)
        {
            Parameters = [new("machine", "The machine"), new("network", "The network, where the machine has ports on several"), new("project", "Its project"), ChangeRun.DryRun],
            Result = DocumentJson.Default.ChangeDocument,
        },
    ];

    private static async Task Add(ApiCall call)
    {
        var body = await call.Body(ApiJson.Default.PortBody);
        if (body.Project is { } project) call.Demand(project);
        await ChangeRun.Of(call, new AddPortRequest(body.Machine, body.Network, body.Project, Mac(body.Mac), [.. (body.Addresses ?? []).Select(Address)]));
    }

    private static Task Remove(ApiCall call) => ChangeRun.Of(call, new RemovePortRequest(call.Path("machine"), call.Query("network"), call.Project()));

    private static MacAddress? Mac(string? text) => text is null ? null
        : MacAddress.TryParse(text, out var mac) && !mac.IsMulticast ? mac : throw Bad($"mac '{text}': a MAC of a machine is written 52:54:00:12:34:56, its first byte even");

    private static IPAddress Address(string text) => IpPrefix.TryParseAddress(text, out var a) ? a : throw Bad($"'{text}' is no IP address");

    private static ProblemException Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);
}
