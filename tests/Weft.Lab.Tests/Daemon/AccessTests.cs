using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>Who may do what: users of the host, tokens, and certificates.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-tls-").FullName;
    private readonly X509Certificate2 _authority, _server;
    private readonly int _port = FreePort();

    public AccessTests()
    {
        _authority = Issue("CN=test authority", null, isAuthority: true);
        _server = Issue("CN=localhost", _authority, false);
        File.WriteAllText(In("ca.pem"), _authority.ExportCertificatePem());
        File.WriteAllText(In("cert.pem"), _server.ExportCertificatePem());
        File.WriteAllText(In("key.pem"), _server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(In("weftd.yaml"), $$"""
            listen: 127.0.0.1:{{_port}}
            tls: { certificate: {{In("cert.pem")}}, key: {{In("key.pem")}}, client_authorities: {{In("ca.pem")}} }
            clients: { ops: { role: operator, projects: [lab] } }
            """);
    }

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task A_user_of_the_host_needs_a_group_to_be_heard()
    {
        using var lab = await new DaemonLab().Up();
        Assert.Contains("403", Curl(lab, "--reuid=65534", "--clear-groups"), StringComparison.Ordinal);
        Assert.Contains("200", Curl(lab, "--reuid=0", "--clear-groups"), StringComparison.Ordinal);
        await lab.Kill();
        Assert.Contains("GET /v1/ports 403", string.Join('\n', File.ReadLines(Path.Combine(lab.State, "audit.jsonl")).Select(Line)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_opens_what_it_is_for_until_it_is_removed()
    {
        using var lab = new DaemonLab("--config", In("weftd.yaml"));
        var viewer = Token(lab, "look", "--role", "viewer");
        var worker = Token(lab, "ci", "--role", "operator", "--project", "lab");
        Assert.DoesNotContain(worker, File.ReadAllText(Path.Combine(lab.State, "tokens.json")), StringComparison.Ordinal);
        await lab.Up();
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(null, HttpMethod.Get, "/v1/ports"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status("weft_nonsense", HttpMethod.Get, "/v1/ports"));
        Assert.Equal(HttpStatusCode.OK, await Status(viewer, HttpMethod.Get, "/v1/ports"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(viewer, HttpMethod.Post, "/v1/apply", DaemonLab.Project));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(worker, HttpMethod.Post, "/v1/apply", DaemonLab.Project.Replace("name: lab", "name: other", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await Status(worker, HttpMethod.Post, "/v1/apply", DaemonLab.Project));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(worker, HttpMethod.Get, "/v1/audit"));
        var audit = (await lab.Get("/v1/audit")).EnumerateArray().ToList();
        Assert.Contains(audit, a => a.GetProperty("caller").GetString() == "ci" && a.TryGetProperty("revision", out var r) && r.GetInt64() == 1 && a.GetProperty("from").GetString() == "127.0.0.1, token");
        Assert.Equal("ci", (await lab.Get("/v1/history")).GetProperty("revisions")[0].GetProperty("user").GetString());
        Assert.Equal(0, WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "rm", "ci"]).ExitCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(worker, HttpMethod.Get, "/v1/ports"));
    }

    [Fact]
    public void Tokens_are_listed_with_those_that_have_ended_marked()
    {
        using var lab = new DaemonLab();
        Token(lab, "ci", "--role", "operator", "--project", "lab");
        Token(lab, "old", "--role", "viewer", "--expires", "1s");
        foreach (var refused in (string[][])[["", "--role", "viewer"], ["a b", "--role", "viewer"], ["new", "--role", "viewer", "--expires", "0d"], ["ci", "--role", "viewer"]])
            Assert.Equal(1, WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "add", .. refused]).ExitCode);
        JsonElement[] tokens = [];
        Assert.True(SpinWait.SpinUntil(() => (tokens = List(lab))[1].GetProperty("ended").GetBoolean(), TimeSpan.FromMinutes(1)));
        Assert.Equal(["ci operator False", "old viewer True"], tokens.Select(t => $"{t.GetProperty("name")} {t.GetProperty("role")} {t.GetProperty("ended")}"));
        Assert.Equal("lab", tokens[0].GetProperty("projects")[0].GetString());
        Assert.Equal(JsonValueKind.Null, tokens[1].GetProperty("projects").ValueKind);
        Assert.Matches("(?m)^old\tviewer\tall projects\tended ", WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "list"]).Output);
        File.WriteAllText(Path.Combine(lab.State, "tokens.json"), "nonsense");
        var damaged = WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "list", "--json"]);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("cannot be read", JsonDocument.Parse(damaged.Output).RootElement.GetProperty("diagnostics")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static JsonElement[] List(DaemonLab lab)
    {
        var ended = WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "list", "--json"]);
        Assert.DoesNotContain("hash", ended.Output, StringComparison.OrdinalIgnoreCase);
        var document = JsonDocument.Parse(ended.Output).RootElement;
        Assert.True(document.GetProperty("ok").GetBoolean());
        Assert.Empty(document.GetProperty("diagnostics").EnumerateArray());
        return [.. document.GetProperty("tokens").EnumerateArray()];
    }

    [Fact]
    public async Task A_stream_of_events_ends_with_its_token()
    {
        using var lab = new DaemonLab("--config", In("weftd.yaml"));
        var token = Token(lab, "look", "--role", "viewer");
        await lab.Up();
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "rm", "look"]).ExitCode);
        await lab.Post("/v1/apply", DaemonLab.Project);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        await lab.Stop();
        Assert.DoesNotContain("fail:", lab.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_brings_no_token_is_told_what_to_bring_and_guesses_none()
    {
        using var lab = new DaemonLab("--config", In("weftd.yaml"));
        var token = Token(lab, "look", "--role", "viewer");
        await lab.Up();
        using var client = Client();
        for (var i = 0; i < 12; i++)
        {
            using var refused = await client.GetAsync("/v1/ports", TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (refused.StatusCode, $"{refused.Headers.WwwAuthenticate}"));
        }
        Assert.Equal(HttpStatusCode.OK, await Status(token, HttpMethod.Get, "/v1/ports"));
    }

    [Fact]
    public async Task Who_has_business_with_one_project_hears_of_that_and_sees_its_figures_alone()
    {
        using var lab = new DaemonLab("--config", In("weftd.yaml"));
        var token = Token(lab, "ci", "--role", "operator", "--project", "lab");
        await lab.Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        await lab.Post("/v1/apply", "version: 1\nname: other\nnetworks: { secret: { mode: nat, subnets: [10.40.0.0/24] } }\nmachines: { hidden: secret }\n");
        var told = (await Text(null, lab.Client, "/v1/events?after=start&follow=false"), await Text(token, Client(), "/v1/events?after=start&follow=false"));
        foreach (var kind in (string[])["event: applied", "\"project\":\"other\"", "event: daemon", "event: audit"]) Assert.Contains(kind, told.Item1, StringComparison.Ordinal);
        Assert.Contains("event: applied", told.Item2, StringComparison.Ordinal);
        Assert.All(told.Item2.Split('\n').Where(l => l.StartsWith("data: {\"cursor\"", StringComparison.Ordinal)), l => Assert.Contains("\"project\":\"lab\"", l, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(token, HttpMethod.Get, "/v1/events?project=other"));

        var figures = (await Text(null, lab.Client, "/metrics"), await Text(token, Client(), "/metrics"));
        foreach (var of in (string[])["project=\"lab\"", "project=\"other\"", "weft_events_total"]) Assert.Contains(of, figures.Item1, StringComparison.Ordinal);
        Assert.Contains("weft_network_up{project=\"lab\"", figures.Item2, StringComparison.Ordinal);
        foreach (var of in (string[])["other", "secret", "hidden", "weft_events_total"]) Assert.DoesNotContain(of, figures.Item2, StringComparison.Ordinal);
    }

    /// <summary>What is of others is not there, whatever is asked about it.</summary>
    [Fact]
    public async Task Who_has_business_with_one_project_learns_no_names_of_others_from_what_is_refused()
    {
        using var lab = new DaemonLab("--config", In("weftd.yaml"));
        var token = Token(lab, "ci", "--role", "operator", "--project", "lab");
        await lab.Up();
        await lab.Post("/v1/apply", DaemonLab.Project);
        await lab.Post("/v1/apply", "version: 1\nname: foreign\nnetworks: { oth: { mode: nat, subnets: [10.40.0.0/24] } }\nmachines: { o1: oth, app1: oth }\n");
        await lab.Post("/v1/ports", """{"machine":"free","network":"oth"}""");
        async Task Refused(HttpStatusCode status, HttpMethod method, string path, string? body = null)
        {
            using var client = Client();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
            var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal((path, status), (path, answer.StatusCode));
            Assert.DoesNotContain("foreign", text, StringComparison.Ordinal);
            Assert.DoesNotContain("oth ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("oth\"", text.Replace("there is no network oth", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        await Refused(HttpStatusCode.NotFound, HttpMethod.Delete, "/v1/ports/o1");
        await Refused(HttpStatusCode.NotFound, HttpMethod.Delete, "/v1/ports/free");
        await Refused(HttpStatusCode.UnprocessableEntity, HttpMethod.Delete, "/v1/ports/app1"); // its own, which the file declares
        await Refused(HttpStatusCode.NotFound, HttpMethod.Post, "/v1/rollback?revision=2");
        await Refused(HttpStatusCode.NotFound, HttpMethod.Post, "/v1/ports", """{"machine":"x","network":"oth"}""");
        await Refused(HttpStatusCode.NotFound, HttpMethod.Post, "/v1/ports", """{"machine":"x","network":"ot"}""");
        await lab.Post("/v1/apply?confirm=600", "version: 1\nname: foreign\n");
        await Refused(HttpStatusCode.Conflict, HttpMethod.Delete, "/v1/ports/app1");
        await Refused(HttpStatusCode.Forbidden, HttpMethod.Post, "/v1/confirm");
    }

    private static async Task<string> Text(string? token, HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await (await client.SendAsync(request)).EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task Whoever_guesses_tokens_is_shut_out_for_a_while()
    {
        using var lab = new DaemonLab("--config", In("weftd.yaml"));
        var token = Token(lab, "look", "--role", "viewer");
        await lab.Up();
        for (var i = 0; i < 10; i++) Assert.Equal(HttpStatusCode.Unauthorized, await Status($"weft_guess{i}", HttpMethod.Get, "/v1/ports"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Status(token, HttpMethod.Get, "/v1/ports"));
    }

    [Fact]
    public async Task A_certificate_opens_what_its_name_is_listed_for()
    {
        using var lab = await new DaemonLab("--config", In("weftd.yaml")).Up();
        using var known = Issue("CN=ops", _authority, false);
        using var unknown = Issue("CN=nobody", _authority, false);
        using var foreign = Issue("CN=ops", Issue("CN=another authority", null, isAuthority: true), false);
        Assert.Equal(HttpStatusCode.OK, await Status(null, HttpMethod.Get, "/v1/ports", certificate: known));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(null, HttpMethod.Delete, "/v1/projects/other", certificate: known));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(null, HttpMethod.Get, "/v1/ports", certificate: unknown));
        await Assert.ThrowsAsync<HttpRequestException>(() => Status(null, HttpMethod.Get, "/v1/ports", certificate: foreign));
    }

    [Fact]
    public void Faults_of_its_file_are_told_all_at_once()
    {
        File.WriteAllText(In("bad.yaml"), "listen: nonsense\nclients: { a: { role: king } }\ncolour: red\n");
        using var lab = new DaemonLab();
        var ended = WeftProgram.RunProgram(WeftProgram.Daemon, ["--netns", lab.Host.Host, "--state", lab.State, "--socket", lab.Socket, "--config", In("bad.yaml")]);
        Assert.Equal(1, ended.ExitCode);
        foreach (var place in (string[])["bad.yaml:1:9", "bad.yaml:2:23", "bad.yaml:3:1"]) Assert.Contains(place, ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_with_what_it_is_for()
    {
        using var lab = new DaemonLab();
        string Refused(string config)
        {
            var ended = WeftProgram.RunProgram(WeftProgram.Daemon, ["--netns", lab.Host.Host, "--state", lab.State, "--socket", lab.Socket, "--config", In(config)]);
            Assert.Equal(1, ended.ExitCode);
            return Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        Assert.Contains("the daemon's file", Refused("none.yaml"), StringComparison.Ordinal);
        File.Delete(In("ca.pem"));
        Assert.Contains("client_authorities", Refused("weftd.yaml"), StringComparison.Ordinal);
        File.Delete(In("key.pem"));
        Assert.Contains("with the key", Refused("weftd.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_on_which_addresses_it_serves_and_in_which_namespace()
    {
        using var lab = await new DaemonLab("--config", In("weftd.yaml")).Up();
        Assert.Equal(0, await lab.Stop());
        Assert.Contains($"https://127.0.0.1:{_port} (in the network namespace it was started in, not in {lab.Host.Host})", lab.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there are viewer, operator, admin", "token", "add", "t", "--role", "king")]
    [InlineData("weftd has no verb tokens (did you mean token?)", "tokens")]
    [InlineData("token has no verb lst (did you mean list?)", "token", "lst")]
    public void Faults_of_its_command_line_are_told_in_its_own_words(string wanted, params string[] arguments)
    {
        var ended = WeftProgram.RunProgram(WeftProgram.Daemon, arguments);
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains($"weftd: ", ended.Errors, StringComparison.Ordinal);
        Assert.Contains(wanted, ended.Errors, StringComparison.Ordinal);
        Assert.Contains("--help says more", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Weft.", ended.Errors, StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static string Token(DaemonLab lab, string name, params string[] more)
    {
        var ended = WeftProgram.RunProgram(WeftProgram.Daemon, ["--state", lab.State, "token", "add", name, .. more]);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return ended.Output.Trim();
    }

    private static string Curl(DaemonLab lab, params string[] identity) => WeftProgram.RunProgram("setpriv",
        [.. identity, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--unix-socket", lab.Socket, "http://weftd/v1/ports"]).Output;

    private static string Line(string json)
    {
        var e = System.Text.Json.JsonDocument.Parse(json).RootElement;
        return $"{e.GetProperty("method").GetString()} {e.GetProperty("target").GetString()} {e.GetProperty("status").GetInt32()}";
    }

    private async Task<HttpStatusCode> Status(string? token, HttpMethod method, string path, string? body = null, X509Certificate2? certificate = null)
    {
        using var client = Client(certificate);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await client.SendAsync(request)).StatusCode;
    }

    private HttpClient Client(X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { _authority } };
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{_port}") };
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static X509Certificate2 Issue(string name, X509Certificate2? issuer, bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var (from, to) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        if (issuer is null) return request.CreateSelfSigned(from.AddMinutes(-1), to.AddMinutes(1));
        using var issued = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        return X509CertificateLoader.LoadPkcs12(issued.CopyWithPrivateKey(key).Export(X509ContentType.Pkcs12), null);
    }
}
