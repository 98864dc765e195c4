using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weft.Core.Spec.Hosts;
using Weft.Engine;
using Weft.Linux.Libc;

namespace Weft.Cli.Remote;

/// <summary>Ways to a daemon: its unix socket, TLS, or ssh to its host and the unix socket there.</summary>
internal static class DaemonDoor
{
    private const int DefaultPort = 7443;
    private const string TokenVariable = "WEFT_TOKEN";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10); // a host that does not answer by then is not there

    /// <summary>The daemon that has this state and acts in this namespace; null when none listens, or it is not for us.</summary>
    internal static HttpClient? Local(EnginePaths paths, bool ofHost)
    {
        if (!File.Exists(paths.Socket)) return null;
        try
        {
            var socket = Connect(paths.Socket);
            if (!ofHost || IsInOurNamespace(socket)) return OfSocket(paths.Socket, socket);
            socket.Dispose();
        }
        catch (SocketException) // one that was killed leaves its socket; one of others does not let us in
        {
        }
        return null;
    }

    /// <summary>The daemon of another host.</summary>
    /// <exception cref="IOException">A file of TLS cannot be read.</exception>
    internal static HttpClient Open(HostSpec host) => host.Url.Scheme switch
    {
        "unix" => OfSocket(host.Url.AbsolutePath),
        "ssh" => Client(new SocketsHttpHandler { ConnectCallback = (_, _) => new(new SshStream(host.Url)), PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan }),
        _ => Secured(host),
    };

    /// <summary>The unix socket of a daemon.</summary>
    /// <exception cref="SocketException">None listens there.</exception>
    internal static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Connect"/>, of one that must be there.</summary>
    /// <exception cref="IOException">None listens there.</exception>
    internal static Socket Reach(string path)
    {
        try
        {
            return Connect(path);
        }
        catch (SocketException e) // .NET's words for a file that is not there are of addresses
        {
            throw new IOException(e.SocketErrorCode == SocketError.AccessDenied ? $"connect to {path}: {e.Message}" : $"no weftd listens at {path}: is it running?");
        }
    }

    // The connection that is there already is the first.
    private static HttpClient OfSocket(string path, Socket? first = null) =>
        Client(new SocketsHttpHandler { ConnectCallback = (_, _) => new(new NetworkStream(Interlocked.Exchange(ref first, null) ?? Reach(path), ownsSocket: true)) });

    private static HttpClient Client(SocketsHttpHandler handler) => new(handler) { BaseAddress = new Uri("http://weftd"), Timeout = Timeout.InfiniteTimeSpan };

    // Who was started in another network namespace (ip netns exec) means that one, not the daemon's. Where the kernel does not tell, it is a user who could not act there alone.
    private static bool IsInOurNamespace(Socket socket)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{PeerCredentials.Of(socket).Process}/ns/net", false)?.Name == File.ResolveLinkTarget("/proc/thread-self/ns/net", false)?.Name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static HttpClient Secured(HostSpec host)
    {
        var options = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => ServerCertificate.Check(host, certificate, chain, errors) };
        if (host.Authorities is { } authorities) options.CertificateChainPolicy = OfFile(host, "authorities", authorities, Trusting);
        if (host is { Certificate: { } certificate, Key: { } key }) options.ClientCertificates = [OfFile(host, "certificate and key", $"{certificate}, {key}", _ => X509Certificate2.CreateFromPemFile(certificate, key))];
        var url = host.Url.IsDefaultPort ? new UriBuilder(host.Url) { Port = DefaultPort }.Uri : host.Url;
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = options, ConnectTimeout = s_patience, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
        if (Token(host) is { } token) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException();
    }

    // .NET says it in words for programmers.
    private static T OfFile<T>(HostSpec host, string what, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            var why = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => "permission denied",
                CryptographicException => "there is none in PEM, or the key is another certificate's",
                _ => e.Message,
            };
            throw new IOException($"read the {what} of host {host.Name}, {file}: {why}; see hosts.yaml", e);
        }
    }

    private static string? Token(HostSpec host)
    {
        if (host.TokenFile is not { } file) return Plain(Environment.GetEnvironmentVariable(TokenVariable), TokenVariable);
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if ((OfFile(host, "token", file, File.GetUnixFileMode) & others) != 0) throw new IOException($"the token of {host.Name} is open to others: chmod 600 {file}");
        return Plain(OfFile(host, "token", file, File.ReadAllText).Trim(), file);
    }

    private static string? Plain(string? token, string where) => token is null || token.All(c => char.IsAsciiLetterOrDigit(c) || "-._~+/=".Contains(c)) ? token // RFC 6750, section 2.1
        : throw new IOException($"{where}: what it holds is no token");
}
