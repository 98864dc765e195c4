using System.Collections.Immutable;
using Weft.Daemon.Http;
using Weft.Daemon.Security;

namespace Weft.Daemon.Endpoints;

/// <summary>All operations.</summary>
internal static class Api
{
    internal const string Version = "v1";

    internal static ImmutableArray<ApiEndpoint> All(AuditLog audit, EventEndpoints events)
    {
        ImmutableArray<ApiEndpoint> endpoints = [.. LookEndpoints.All, .. ChangeEndpoints.All, .. PortEndpoints.All, .. new AuditEndpoints(audit).All, .. events.Endpoints, .. MetricsEndpoints.All];
        return [.. endpoints, OpenApi.Endpoint(endpoints)];
    }
}
