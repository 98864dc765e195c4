using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Weft.Daemon.Http;

/// <summary>Reads the body of a request, and says in words of the API what is wrong with it.</summary>
internal static class ApiBody
{
    private const string See = "/v1/openapi.json says what it holds";

    /// <summary>The body as an object of JSON.</summary>
    /// <exception cref="ProblemException">It is none, lacks a member, or has one twice, of another name or of another type.</exception>
    internal static async Task<T> Read<T>(HttpContext http, JsonTypeInfo<T> type) where T : class
    {
        using var json = await Parse(http);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw Bad("it is no JSON object");
        if (json.RootElement.EnumerateObject().CountBy(m => m.Name).FirstOrDefault(m => m.Value > 1).Key is { } twice) throw Bad($"{twice} is given twice");
        if (json.RootElement.EnumerateObject().FirstOrDefault(m => type.Properties.All(p => p.Name != m.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } strange)
            throw Bad($"there is no member {strange.Name}; there are {string.Join(", ", type.Properties.Select(p => p.Name))}");
        List<string> missing = [.. type.Properties.Where(p => IsNeeded(p) && !Has(json.RootElement, p.Name)).Select(p => p.Name)];
        if (missing.Count > 0) throw Bad($"it lacks {string.Join(" and ", missing)}");
        try
        {
            return json.RootElement.Deserialize(type)!; // an object is never null
        }
        catch (JsonException e)
        {
            throw Bad($"{(e.Path ?? "$").Replace("$.", "", StringComparison.Ordinal)} is not of the type that it should be");
        }
    }

    private static async Task<JsonDocument> Parse(HttpContext http)
    {
        try
        {
            return await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException e)
        {
            throw Bad($"it is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static bool IsNeeded(JsonPropertyInfo p) => p.AssociatedParameter is { HasDefaultValue: false, IsNullable: false };

    private static bool Has(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static ProblemException Bad(string why) => new(StatusCodes.Status400BadRequest, $"the body is not what is wanted: {why}; {See}");
}
