using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Weft.Core.Spec.Hosts;

namespace Weft.Cli.Remote;

/// <summary>The certificate of a daemon, and why it is not believed.</summary>
internal static class ServerCertificate
{
    /// <summary>Passes one that is believed.</summary>
    /// <exception cref="AuthenticationException">It is not.</exception>
    internal static bool Check(HostSpec host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None ? true : throw new AuthenticationException(Why(host, certificate, chain, errors));

    private static string Why(HostSpec host, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 shown) return "it shows no certificate";
        var name = $"its certificate ({shown.Subject})";
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0) return $"{name} is for another host than {host.Url.Host}: write a name into the url that it is for";
        var found = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        if ((found & X509ChainStatusFlags.NotTimeValid) != 0) return $"{name} or one that vouches for it does not hold now; it does from {shown.NotBefore:yyyy-MM-dd} to {shown.NotAfter:yyyy-MM-dd}";
        if ((found & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0)
            return $"{name} was issued by {shown.Issuer}, for whom {(host.Authorities is { } file ? $"nobody in {file}" : "nobody that this system trusts")} vouches: name the file of its authority as 'authorities' in hosts.yaml";
        return $"{name} is not good: {string.Join("; ", chain?.ChainStatus.Select(s => s.StatusInformation.Trim()) ?? [])}";
    }
}
