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
        if (Peer.Of(http) is not null) return Known(http) ?? throw new ProblemException(StatusCodes.Status403Forbidden, "who asks is neither root nor in the group weft or weft-view");
        var from = From(http);
        if (attempts.IsShut(from)) throw new ProblemException(StatusCodes.Status429TooManyRequests, "too many tries with wrong tokens: wait a minute");
        if (Known(http) is { } caller) return caller;
        if (Token(http) is not null) attempts.Failed(from); // who brings none guesses none
        throw new ProblemException(StatusCodes.Status401Unauthorized, "this needs a token that is known and has not ended, or a client's certificate that is known");
    }

    /// <summary>Who that is now, without counting it as a try; null for nobody who has business here any more.</summary>
    internal Caller? Known(HttpContext http) => Peer.Of(http) is { } peer ? PeerRoles.Of(peer) : ByToken(http) ?? ByCertificate(http);

    private static string From(HttpContext http) => $"{http.Connection.RemoteIpAddress}";

    private static string? Token(HttpContext http) => http.Request.Headers.Authorization.ToString() is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;

    private Caller? ByToken(HttpContext http) =>
        Token(http) is { } token && tokens.Find(token) is { } t ? new Caller(t.Name, $"{From(http)}, token", t.Role, Set(t.Projects)) : null;

    // The chain was checked when the connection was made.
    private Caller? ByCertificate(HttpContext http)
    {
        if (http.Connection.ClientCertificate is not { } certificate) return null;
        var name = certificate.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false);
        return spec.Clients.FirstOrDefault(c => c.Name == name) is { } known ? new Caller(name, $"{From(http)}, certificate", known.Role, Set(known.Projects)) : null;
    }

    private static ImmutableHashSet<string>? Set(ImmutableArray<string>? projects) => projects is { } names ? [.. names] : null;
}
