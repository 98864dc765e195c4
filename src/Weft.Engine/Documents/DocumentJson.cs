using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Weft.Engine.Documents;

/// <summary>Documents as JSON: members in camelCase.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Document))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(ChangeDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(ShowDocument))]
[JsonSerializable(typeof(PortsDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(ProjectsDocument))]
[JsonSerializable(typeof(PendingDocument))]
[JsonSerializable(typeof(BootDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ProgressDocument))]
[JsonSerializable(typeof(PortBody))]
public sealed partial class DocumentJson : JsonSerializerContext
{
    private static readonly Lazy<DocumentJson> s_indented = new(() => new DocumentJson(new JsonSerializerOptions(Default!.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    /// <summary>The same for people's eyes: a member a line, and no text escaped that needs it in HTML only.</summary>
    public static DocumentJson Indented => s_indented.Value;
}
