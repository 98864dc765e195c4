using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Weft.Core.Spec.Daemon;

namespace Weft.Daemon.Security;

/// <summary>TLS as the daemon's file has it. Certificates are read again when their files change: a renewal needs no restart.</summary>
internal sealed class Tls(TlsSpec spec)
{
    private readonly Lock _reading = new();
    private (DateTime Written, SslStreamCertificateContext Context)? _server;

    /// <summary>What Kestrel is told.</summary>
    /// <exception cref="IOException">A file is missing or is no certificate.</exception>
    internal HttpsConnectionAdapterOptions Options()
    {
        var server = Server();
        if (spec.ClientAuthorities is { } file) Authorities(file);
        return new()
        {
            ServerCertificateSelector = (_, _) => Server(),
            ServerCertificate = server,
            ClientCertificateMode = spec.ClientAuthorities is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.AllowCertificate,
            ClientCertificateValidation = (certificate, _, _) => spec.ClientAuthorities is { } file && IsVouchedFor(certificate, file),
        };
    }

    private X509Certificate2 Server()
    {
        lock (_reading)
        {
            var written = File.GetLastWriteTimeUtc(spec.Certificate);
            if (_server is { } known && known.Written == written) return known.Context.TargetCertificate;
            var chain = new X509Certificate2Collection();
            try
            {
                chain.ImportFromPemFile(spec.Certificate);
                _server = (written, SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(spec.Certificate, spec.Key), chain, offline: true));
            }
            catch (Exception e) when (IsOfFile(e))
            {
                throw new IOException($"tls: the certificate {spec.Certificate} with the key {spec.Key}: {e.Message}", e);
            }
            return _server.Value.Context.TargetCertificate;
        }
    }

    private static bool IsOfFile(Exception e) => e is System.Security.Cryptography.CryptographicException or ArgumentException or IOException or UnauthorizedAccessException;

    private static X509Certificate2Collection Authorities(string file)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPemFile(file);
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw new IOException($"tls: client_authorities {file}: {e.Message}", e);
        }
        return all;
    }

    // Who is taken off the list of clients is refused; so revocation lists, which few such authorities have, are not asked.
    private static bool IsVouchedFor(X509Certificate2 certificate, string file)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities(file));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2")); // clientAuth, RFC 5280 section 4.2.1.12
        return chain.Build(certificate);
    }
}
