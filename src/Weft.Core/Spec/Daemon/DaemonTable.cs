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
    private static readonly TextShape<string> File = new("an absolute path", SpecCodes.BadName, "^/", (string t, [MaybeNullWhen(false)] out string v) => (v = t).StartsWith('/'));
    private static readonly TextShape<string> CommonName = new("the common name of a certificate", SpecCodes.BadName, null, (string t, [MaybeNullWhen(false)] out string v) => (v = t).Length is > 0 and <= 64);
    private static readonly ChoiceShape<Role> Roles = new([("viewer", Role.Viewer), ("operator", Role.Operator), ("admin", Role.Admin)]);

    private static readonly Key<string> Certificate = new("certificate", File, "The server's certificate in PEM, with those between it and its root.") { Required = true };
    private static readonly Key<string> PrivateKey = new("key", File, "Its key in PEM.") { Required = true };
    private static readonly Key<string> Authorities = new("client_authorities", File, "Certificates in PEM of whoever vouches for clients (mutual TLS).") { Default = "clients come with tokens" };
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

    /// <summary>The whole file.</summary>
    public static readonly RecordShape<DaemonSpec> Shape = new("daemon", "Where weftd listens besides its unix socket, and to whom.", [Listen, Tls, Clients, Rate], Build);

    private static DaemonSpec Build(Fields f)
    {
        var spec = new DaemonSpec { Listen = f.Or(Listen, []), Tls = f.Get(Tls), Clients = f.Or(Clients, []), Rate = f.Or(Rate, DaemonSpec.DefaultRate) };
        if (!spec.Listen.IsEmpty && f.Place(Tls) is null) f.Context.Error(SpecCodes.MissingKey, f.At, "the file: 'tls' is missing", "listen needs a certificate and a key");
        return spec;
    }

    private static bool TryEndPoint(string text, [MaybeNullWhen(false)] out IPEndPoint value) => IPEndPoint.TryParse(text, out value) && value.Port > 0 && text.EndsWith($":{value.Port}", StringComparison.Ordinal);
}
