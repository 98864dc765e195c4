using System.Collections.Immutable;
using System.Net;

namespace Weft.Core.Spec.Daemon;

/// <summary>What a caller may do; each may what those before it may.</summary>
public enum Role
{
    /// <summary>Look.</summary>
    Viewer,
    /// <summary>Change projects and ports.</summary>
    Operator,
    /// <summary>All, also the audit log.</summary>
    Admin,
}

/// <summary>The daemon's own file: where it listens besides its unix socket, and to whom.</summary>
public sealed record DaemonSpec
{
    /// <summary>Addresses and ports for TLS.</summary>
    public ImmutableArray<IPEndPoint> Listen { get; init; } = [];
    /// <summary>Files of TLS; null where it does not listen on the network.</summary>
    public TlsSpec? Tls { get; init; }
    /// <summary>Who is known by a certificate.</summary>
    public ImmutableArray<ClientSpec> Clients { get; init; } = [];
    /// <summary>Where figures are exported to; null where the file names no collector.</summary>
    public OtlpSpec? Otlp { get; init; }
    /// <summary>Requests a second that one caller over the network may make; bursts of as many.</summary>
    public int Rate { get; init; } = DefaultRate;

    /// <summary>Far more than a person or a loop of a script needs, and little enough that one caller leaves the others room.</summary>
    public const int DefaultRate = 200;
}

/// <summary>Files of TLS, in PEM.</summary>
/// <param name="Certificate">The server's certificate, and those between it and its root.</param>
/// <param name="Key">Its key.</param>
public sealed record TlsSpec(string Certificate, string Key)
{
    /// <summary>Certificates of whoever vouches for clients; null where they come with tokens only.</summary>
    public string? ClientAuthorities { get; init; }
}

/// <summary>Somebody who is known by a certificate.</summary>
/// <param name="Name">The certificate's common name.</param>
/// <param name="Role">What it may.</param>
/// <param name="Projects">Only these projects; null for all.</param>
public sealed record ClientSpec(string Name, Role Role, ImmutableArray<string>? Projects);

/// <summary>A collector of OpenTelemetry (OTLP over HTTP), and how it is reached.</summary>
/// <param name="Endpoint">Its address; "/v1/metrics" is added.</param>
public sealed record OtlpSpec(Uri Endpoint)
{
    /// <summary>More headers: "api-key=...,other=...", percent-encoded; never logged. Null for none.</summary>
    public string? Headers { get; init; }
    /// <summary>File of the authorities that vouch for it; null for the system's.</summary>
    public string? Certificate { get; init; }
    /// <summary>Seconds between exports; null for OpenTelemetry's own default.</summary>
    public int? Interval { get; init; }
    /// <summary>Requests are compressed with gzip.</summary>
    public bool Gzip { get; init; }
}
