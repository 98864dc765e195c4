using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>Holds each answer against what the API's description says of it: nothing else may be in it either.</summary>
internal sealed class SchemaHandler : DelegatingHandler
{
    private readonly JsonObject _paths, _schemas;
    private readonly HashSet<string> _seen = [];

    internal SchemaHandler(JsonObject description, HttpMessageHandler inner) : base(inner)
    {
        _paths = description["paths"]!.AsObject();
        _schemas = JsonNode.Parse(description["components"]!["schemas"]!.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!.AsObject();
        foreach (var (_, schema) in _schemas) schema!["additionalProperties"] = false;
    }

    /// <summary>Operations that answered with a document.</summary>
    internal IReadOnlySet<string> Seen => _seen;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType is not { } type || !type.EndsWith("json", StringComparison.Ordinal)) return answer;
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        Check(request, answer, type, await answer.Content.ReadAsStringAsync(cancellationToken));
        return answer;
    }

    private void Check(HttpRequestMessage request, HttpResponseMessage answer, string type, string text)
    {
        var (path, method) = (request.RequestUri!.AbsolutePath, request.Method.Method.ToLowerInvariant());
        var operation = _paths.First(p => Fits(p.Key, path) && p.Value!.AsObject().ContainsKey(method)).Value![method]!;
        var schema = operation["responses"]![answer.IsSuccessStatusCode ? "200" : "default"]!["content"]![type]!["schema"]!;
        var whole = JsonNode.Parse(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!.AsObject();
        whole["$defs"] = _schemas.DeepClone();
        var found = JsonSchema.FromText(whole.ToJsonString()).Evaluate(JsonDocument.Parse(text).RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(found.IsValid, $"{method} {path} answers {answer.StatusCode}: {text}\n{string.Join('\n', (found.Details ?? []).Where(d => d.Errors is not null).Select(d => $"{d.InstanceLocation}: {string.Join(", ", d.Errors!)}"))}");
        _seen.Add($"{operation["operationId"]}{(answer.IsSuccessStatusCode ? "" : " refused")}");
    }

    private static bool Fits(string template, string path) =>
        template.Split('/') is var wanted && path.Split('/') is var parts && wanted.Length == parts.Length && wanted.Zip(parts).All(p => p.First.StartsWith('{') || p.First == p.Second);
}
