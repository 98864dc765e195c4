using System.Collections.Immutable;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Daemon.Security;

namespace Weft.Daemon.Endpoints;

/// <summary>Who changed what, and who was turned away.</summary>
internal sealed class AuditEndpoints(AuditLog audit)
{
    internal ImmutableArray<ApiEndpoint> All =>
    [
        new("GET", "/v1/audit", Role.Admin, "Who wanted what, from where, and what became of it; the newest first",
            c => c.Answer(audit.Last((int)(c.Number("limit", 1, 10_000) ?? 100)), AuditJson.Default.AuditEntryArray))
        {
            Parameters = [LookEndpoints.Limit], Result = AuditJson.Default.AuditEntryArray,
        },
    ];
}
