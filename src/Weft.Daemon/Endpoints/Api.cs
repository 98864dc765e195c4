using System.Collections.Immutable;
using Weft.Daemon.Http;

namespace Weft.Daemon.Endpoints;

/// <summary>All operations.</summary>
internal static class Api
{
    internal const string Version = "v1";

    internal static readonly ImmutableArray<ApiEndpoint> All = [.. LookEndpoints.All, .. ChangeEndpoints.All, .. PortEndpoints.All];
}
