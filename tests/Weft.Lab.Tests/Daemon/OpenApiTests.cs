using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Newtonsoft.Json.Linq;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>The API is as its description says, for programs that know nothing else of it.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task The_description_is_what_is_served()
    {
        using var lab = await new DaemonLab().Up();
        var text = await lab.Client.GetStringAsync("/v1/openapi.json");
        var read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings).Select(e => $"{e.Pointer}: {e.Message}").Concat(Unresolved(JsonNode.Parse(text)!)));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        foreach (var (path, item) in read.Document!.Paths)
            foreach (var method in item.Operations!.Keys.Where(_ => !path.Contains("events", StringComparison.Ordinal))) // which goes on for ever
            {
                using var request = new HttpRequestMessage(method, path.Replace("{project}", "nix", StringComparison.Ordinal).Replace("{machine}", "nix", StringComparison.Ordinal));
                var answer = await lab.Client.SendAsync(request);
                var said = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode < 500 && !said.Contains("there is no /v1", StringComparison.Ordinal), $"{method} {path}: {answer.StatusCode}: {said}");
            }
    }

    [Fact]
    public async Task A_client_that_is_made_of_the_description_does_its_work_and_every_answer_is_as_described()
    {
        using var lab = await new DaemonLab().Up();
        var description = JsonNode.Parse(await lab.Client.GetStringAsync("/v1/openapi.json"))!.AsObject();
        using var schemas = new SchemaHandler(description, lab.Handler());
        using var http = new HttpClient(schemas) { BaseAddress = lab.Client.BaseAddress };
        var made = await MadeClient.Of(description);
        var client = made.Client(http);

        var project = JObject.Parse("""{ "version": 1, "name": "lab", "networks": { "dev": { "mode": "nat", "subnets": ["10.20.0.0/24"], "forwards": [{ "listen": "tcp/8080", "to": "app1:80" }] } }, "machines": { "app1": "dev" } }""");
        string token = (await client.PostPlanAsync("lab.json", project)).Token;
        Assert.Equal("committed", (string)(await client.PostApplyAsync("lab.json", null, null, token, false, project)).Outcome);
        Assert.Equal("app1", Assert.Single<dynamic>((await client.GetPortsAsync("lab")).Ports).Machine);
        Assert.IsType<long>(Assert.Single<dynamic>((await client.GetPortsAsync("lab")).Ports).RxBytes); // more than 32 bits
        var port = (await client.PostPortsAsync(null, made.New("PortBody", ("Machine", "web1"), ("Network", "dev")))).Port;
        Assert.StartsWith("10.20.0.", (string)Enumerable.Single<string>(port.Addresses), StringComparison.Ordinal);
        foreach (var look in (Func<Task>[])[() => client.GetVersionAsync(), () => client.GetNetworksAsync(null), () => client.GetLeasesAsync(null), () => client.GetAddressesAsync(null), () => client.GetForwardsAsync(null),
            () => client.GetStateAsync(null), () => client.GetMachinesMachinePortsAsync("web1"), () => client.GetProjectsAsync(), () => client.GetProjectsProjectAsync("lab"), () => client.GetDiffAsync(null)]) await look();
        await client.DeletePortsMachineAsync("web1", null, null, null);

        Assert.Equal("pending", (string)(await client.DeleteProjectsProjectAsync("lab", 60, null, null, null)).Outcome);
        Assert.Equal("lab", (string)(await client.GetPendingAsync()).Open.Project);
        await client.DeletePendingAsync("a test");
        Assert.Equal("committed", (string)(await client.DeleteProjectsProjectAsync("lab", null, null, null, null)).Outcome);
        Assert.Equal("committed", (string)(await client.PostRollbackAsync(null, "lab", null, null, null, null)).Outcome);
        Assert.NotEmpty((await client.GetHistoryAsync(null, null)).Revisions);
        Assert.NotEmpty(await client.GetAuditAsync(null));

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => client.PostApplyAsync("bad.json", null, null, null, null, JObject.Parse("""{ "version": 2 }""")));
        Assert.NotEmpty(((dynamic)refused).Result.Diagnostics);
        await Assert.ThrowsAnyAsync<Exception>(() => client.PostConfirmAsync());
        Assert.Contains("postApply refused", schemas.Seen);
        Assert.Empty(Documented(description).Except(schemas.Seen.Select(s => s.Replace(" refused", "", StringComparison.Ordinal))));
    }

    // What is answered by a stream or text, and this description itself, has no document.
    private static IEnumerable<string> Documented(JsonObject description) => description["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject())
        .Where(o => o.Value!["responses"]!["200"]!["content"]!["application/json"]?["schema"] is JsonObject { Count: > 0 }).Select(o => o.Value!["operationId"]!.GetValue<string>());

    private static IEnumerable<string> Unresolved(JsonNode whole)
    {
        var schemas = whole["components"]!["schemas"]!.AsObject();
        return References(JsonDocument.Parse(whole.ToJsonString()).RootElement).Where(r => !r.StartsWith("#/components/schemas/", StringComparison.Ordinal) || !schemas.ContainsKey(r["#/components/schemas/".Length..]));
    }

    private static IEnumerable<string> References(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Object => e.EnumerateObject().SelectMany(p => p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => e.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
