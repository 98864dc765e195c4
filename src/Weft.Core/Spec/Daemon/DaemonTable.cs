using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Tables;

namespace Weft.Core.Spec.Daemon;

/// <summary>Keys of the daemon's file.</summary>
internal static class DaemonTable
{
    private static readonly TextShape<IPEndPoint> EndPoint = new("an address and a port such as 192.0.2.1:7443 or [::]:7443", SpecCodes.BadListen, null, TryEndPoint, "an IPv6 address stands in brackets");
    private static readonly TextShape<string> CommonName = new("the common name of a certificate", SpecCodes.BadName, null, (string t, [MaybeNullWhen(false)] out string v) => (v = t).Length is > 0 and <= 64);
    private static readonly ChoiceShape<Role> Roles = new([("viewer", Role.Viewer), ("operator", Role.Operator), ("admin", Role.Admin)]);

    private static readonly Key<string> Certificate = new("certificate", Texts.AbsolutePath, "The server's certificate in PEM, with those between it and its root.") { Required = true };
    private static readonly Key<string> PrivateKey = new("key", Texts.AbsolutePath, "Its key in PEM.") { Required = true };
    private static readonly Key<string> Authorities = new("client_authorities", Texts.AbsolutePath, "Certificates in PEM of whoever vouches for clients (mutual TLS).") { Default = "clients come with tokens" };
    private static readonly RecordShape<TlsSpec> TlsRecord = new("tls", "Files of TLS; read again when they change.", [Certificate, PrivateKey, Authorities],
        f => f.TryGet(Certificate, out var c) & f.TryGet(PrivateKey, out var k) ? new TlsSpec(c!, k!) { ClientAuthorities = f.Get(Authorities) } : null);

    private static readonly Key<Role> ClientRole = new("role", Roles, "What the client may.") { Required = true };
    private static readonly Key<ImmutableArray<string>> Projects = new("projects", new ListShape<string>(Texts.Label), "The projects it has business with.") { Default = "all" };
    private static readonly RecordShape<ClientSpec> ClientRecord = new("client", "A client that is known by its certificate.", [ClientRole, Projects],
        f => f.TryGet(ClientRole, out var role) ? new ClientSpec("", role, f.TryGet(Projects, out var p) ? p : null) : null);

    private static readonly Key<ImmutableArray<IPEndPoint>> Listen = new("listen", new ListShape<IPEndPoint>(EndPoint), "Addresses and ports for TLS.") { Default = "the unix socket only" };
    private static readonly Key<TlsSpec> Tls = new("tls", TlsRecord, "Files of TLS.");
    private static readonly Key<ImmutableArray<ClientSpec>> Clients = new("clients",
        new NamedShape<ClientSpec, ClientSpec>(CommonName, ClientRecord, (name, _, c) => c with { Name = name }), "Clients by the common name of their certificates.");
    private static readonly Key<int> Rate = new("rate", new IntShape(1, 100_000, "a second"), "Requests that one caller over the network may make.") { Default = "200" };

    private static readonly TextShape<Uri> Address = new("an address such as http://collector:4318", SpecCodes.BadListen, "^https?:", TryCollector);
    private static readonly TextShape<string> HeaderText = new("headers: NAME=VALUE with commas between, percent-encoded", SpecCodes.BadName, "=", (string t, [MaybeNullWhen(false)] out string v) => (v = t).Contains('='));
    private static readonly Key<Uri> Endpoint = new("endpoint", Address, "Where the collector takes OTLP over HTTP; /v1/metrics is added.") { Required = true };
    private static readonly Key<string> Headers = new("headers", HeaderText, "More headers, as an API key; who may read the file may read them.");
    private static readonly Key<string> CollectorAuthorities = new("certificate", Texts.AbsolutePath, "Certificates in PEM of whoever vouches for the collector.") { Default = "those the system trusts" };
    private static readonly Key<int> Interval = new("interval", new IntShape(1, 86_400, "seconds"), "Seconds between exports.") { Default = "60" };
    private static readonly Key<bool> Gzip = new("gzip", new BoolShape(), "Compress what is sent.") { Default = "false" };
    private static readonly RecordShape<OtlpSpec> OtlpRecord = new("otlp", "A collector of OpenTelemetry.", [Endpoint, Headers, CollectorAuthorities, Interval, Gzip],
        f => f.TryGet(Endpoint, out var e) ? new OtlpSpec(e!) { Headers = f.Get(Headers), Certificate = f.Get(CollectorAuthorities), Interval = f.TryGet(Interval, out var i) ? i : null, Gzip = f.Or(Gzip, false) } : null);
    private static readonly Key<OtlpSpec> Otlp = new("otlp", OtlpRecord, "Where figures are exported to.") { Default = "what the environment says (OTEL_...)" };

    /// <summary>The whole file.</summary>
    public static readonly RecordShape<DaemonSpec> Shape = new("daemon", "Where weftd listens besides its unix socket, to whom, and where its figures go.", [Listen, Tls, Clients, Rate, Otlp], Build);

    private static DaemonSpec Build(Fields f)
    {
        var spec = new DaemonSpec { Listen = f.Or(Listen, []), Tls = f.Get(Tls), Clients = f.Or(Clients, []), Rate = f.Or(Rate, DaemonSpec.DefaultRate), Otlp = f.Get(Otlp) };
        if (!spec.Listen.IsEmpty && f.Place(Tls) is null) f.Context.Error(SpecCodes.MissingKey, f.At, "the file: 'tls' is missing", "listen needs a certificate and a key");
        return spec;
    }

    private static bool TryEndPoint(string text, [MaybeNullWhen(false)] out IPEndPoint value) => IPEndPoint.TryParse(text, out value) && value.Port > 0 && text.EndsWith($":{value.Port}", StringComparison.Ordinal);

    private static bool TryCollector(string text, [MaybeNullWhen(false)] out Uri value) => Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https";
}
