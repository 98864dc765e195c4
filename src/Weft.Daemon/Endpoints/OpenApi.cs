using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Http;
using Weft.Engine.Documents;

namespace Weft.Daemon.Endpoints;

/// <summary>The API as an OpenAPI document (3.1), made from the table that the server is mapped from: it cannot say anything else than is there.</summary>
internal static class OpenApi
{
    private const string Path = "/v1/openapi.json", Json = "application/json", Problem = "application/problem+json";

    internal static ApiEndpoint Endpoint(ImmutableArray<ApiEndpoint> others)
    {
        ApiEndpoint? own = null;
        var text = new Lazy<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(Document([.. others, own!]), NodeJson.Default.JsonObject));
        return own = new("GET", Path, Role.Viewer, "This document", c => Answer(c, text.Value)) { MediaType = Json };
    }

    private static async Task Answer(ApiCall call, byte[] text)
    {
        call.Http.Response.ContentType = Json;
        await call.Http.Response.Body.WriteAsync(text, call.Http.RequestAborted);
    }

    private static JsonObject Document(ImmutableArray<ApiEndpoint> endpoints)
    {
        var (paths, schemas) = (new JsonObject(), new JsonObject());
        foreach (var of in endpoints.GroupBy(e => e.Path))
            paths[of.Key] = new JsonObject([.. of.Select(e => KeyValuePair.Create(e.Method.ToLowerInvariant(), (JsonNode?)Operation(e, schemas)))]);
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Weft", ["version"] = Product.Version, ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" } },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["certificate"] = new JsonObject { ["type"] = "mutualTLS" },
                },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }, new JsonObject { ["certificate"] = new JsonArray() }),
        };
    }

    private static JsonObject Operation(ApiEndpoint e, JsonObject schemas)
    {
        var operation = new JsonObject { ["summary"] = e.Summary, ["description"] = $"Needs the role {e.Role.ToString().ToLowerInvariant()}.", ["operationId"] = Id(e) };
        if (!e.Parameters.IsEmpty) operation["parameters"] = new JsonArray([.. e.Parameters.Select(p => (JsonNode)Parameter(p, e.Path))]);
        if (e.TakesFile) operation["requestBody"] = Body((Json, new JsonObject { ["type"] = "object" }), ("application/yaml", new JsonObject { ["type"] = "string" })); // clients that are made take the first
        else if (e.Body is { } body) operation["requestBody"] = Body((Json, Reference(body, schemas)));
        var answer = e.Result is { } result ? Content((Json, Reference(result, schemas))) : Content((e.MediaType!, new JsonObject()));
        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = "Done", ["content"] = answer },
            ["default"] = new JsonObject { ["description"] = "Refused (RFC 9457)", ["content"] = Content((Problem, Reference(DocumentJson.Default.ProblemDocument, schemas))) },
        };
        return operation;
    }

    // get /v1/projects/{project} is called getProjectsProject
    private static string Id(ApiEndpoint e) => e.Method.ToLowerInvariant() +
        string.Concat(e.Path.Split('/', '{', '}', '.').Where(p => p.Length > 0 && p != Api.Version).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));

    private static JsonObject Parameter(ApiParameter p, string path)
    {
        var inPath = path.Contains($"{{{p.Name}}}", StringComparison.Ordinal);
        var schema = new JsonObject { ["type"] = p.Type };
        var parameter = new JsonObject { ["name"] = p.Name, ["in"] = inPath ? "path" : "query", ["description"] = p.Description, ["schema"] = p.Many ? new JsonObject { ["type"] = "array", ["items"] = schema } : schema };
        if (inPath) parameter["required"] = true;
        return parameter;
    }

    private static JsonObject Body(params (string Type, JsonObject Schema)[] media) => new() { ["required"] = true, ["content"] = Content(media) };

    private static JsonObject Content(params (string Type, JsonObject Schema)[] media) =>
        new([.. media.Select(m => KeyValuePair.Create(m.Type, (JsonNode?)new JsonObject { ["schema"] = m.Schema }))]);

    // Each record is a schema of its own, wherever it is met: clients that are made from this document have one type of it.
    private static JsonObject Reference(JsonTypeInfo type, JsonObject schemas)
    {
        var exporter = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Named(context.TypeInfo, node, schemas) };
        return (JsonObject)type.GetJsonSchemaAsNode(exporter);
    }

    private static JsonObject Named(JsonTypeInfo type, JsonNode node, JsonObject schemas)
    {
        if (type.Type == typeof(RecordDocument)) return new JsonObject { ["type"] = new JsonArray("object", "null") }; // each kind has members of its own
        var schema = (JsonObject)node;
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) is var number && (number == typeof(long) || number == typeof(ulong))) schema["format"] = "int64"; // without it clients take 32 bits
        if (type.Kind != JsonTypeInfoKind.Object) return schema;
        var name = type.Type.Name;
        JsonObject reference = new() { ["$ref"] = $"#/components/schemas/{name}" };
        // Of the member that it is met at first, not of the type.
        var nullable = schema["type"] is JsonArray;
        if (nullable) schema["type"] = "object";
        schema.Remove("default");
        if (type.Options.DefaultIgnoreCondition == JsonIgnoreCondition.WhenWritingNull) Omit(schema);
        if (!schema.ContainsKey("$ref") && !schemas.ContainsKey(name)) schemas[name] = schema;
        return nullable ? new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, reference) } : reference;
    }

    // Members without a value are left out.
    private static void Omit(JsonObject schema)
    {
        if (schema["required"] is not JsonArray required || schema["properties"] is not JsonObject members) return;
        foreach (var name in required.Where(r => members[r!.GetValue<string>()]?["type"] is JsonArray).ToList()) required.Remove(name);
    }
}

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class NodeJson : JsonSerializerContext;
