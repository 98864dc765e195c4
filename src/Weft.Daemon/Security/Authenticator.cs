using System.Collections.Immutable;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;

namespace Weft.Daemon.Security;

/// <summary>Finds out who asks: the kernel vouches for a process of this host, a token or a certificate for who comes over the network.</summary>
internal sealed class Authenticator(DaemonSpec spec, TokenStore tokens, Attempts attempts)
{
    private const string Scheme = "Bearer ";

    /// <summary>Who that is.</summary>
    /// <exception cref="ProblemException">Nobody who has business here.</exception>
    internal Caller Who(HttpContext http)
    {
        if (Peer.Of(http) is { } peer)
            return PeerRoles.Of(peer) ?? throw new ProblemException(StatusCodes.Status403Forbidden, "who asks is neither root nor in the group weft or weft-view");
        return OverNetwork(http, $"{http.Connection.RemoteIpAddress}");
    }

    private Caller OverNetwork(HttpContext http, string from)
    {
        if (attempts.IsShut(from)) throw new ProblemException(StatusCodes.Status429TooManyRequests, "too many tries with wrong tokens: wait a minute");
        if ((ByToken(http, from) ?? ByCertificate(http, from)) is { } caller) return caller;
        attempts.Failed(from);
        http.Response.Headers.WWWAuthenticate = "Bearer"; // RFC 6750, section 3
        throw new ProblemException(StatusCodes.Status401Unauthorized, "this needs a token that is known and has not ended, or a client's certificate that is known");
    }

    private Caller? ByToken(HttpContext http, string from)
    {
        if (http.Request.Headers.Authorization.ToString() is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;
        return tokens.Find(header[Scheme.Length..].Trim()) is { } t ? new Caller(t.Name, $"{from}, token", t.Role, Set(t.Projects)) : null;
    }

    // The chain was checked when the connection was made.
    private Caller? ByCertificate(HttpContext http, string from)
    {
        if (http.Connection.ClientCertificate is not { } certificate) return null;
        var name = certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false);
        return spec.Clients.FirstOrDefault(c => c.Name == name) is { } known ? new Caller(name, $"{from}, certificate", known.Role, Set(known.Projects)) : null;
    }

    private static ImmutableHashSet<string>? Set(ImmutableArray<string>? projects) => projects is { } names ? [.. names] : null;
}
