using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag.CodeGeneration.CSharp;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>A client that NSwag makes of the API's description, compiled. Its operations are called by name (dynamic).</summary>
internal sealed class MadeClient
{
    private readonly Assembly _assembly;

    private MadeClient(Assembly assembly) => _assembly = assembly;

    /// <summary>Makes it; without the scheme of TLS certificates, which NSwag (OpenAPI 3.0) does not know, and which a local client does not need.</summary>
    internal static async Task<MadeClient> Of(JsonObject description)
    {
        var known = description.DeepClone().AsObject();
        known["components"]!["securitySchemes"]!.AsObject().Remove("certificate");
        known.Remove("security");
        var document = await NSwag.OpenApiDocument.FromJsonAsync(known.ToJsonString());
        var code = new CSharpClientGenerator(document, new CSharpClientGeneratorSettings { ClassName = "Client", UseBaseUrl = false, CSharpGeneratorSettings = { Namespace = "Made" } }).GenerateFile();
        return new(Compile(code));
    }

    /// <summary>The client.</summary>
    internal dynamic Client(HttpClient http) => Activator.CreateInstance(_assembly.GetType("Made.Client", true)!, http)!;

    /// <summary>A document to send, with these members.</summary>
    internal dynamic New(string type, params (string Name, object Value)[] members)
    {
        var made = Activator.CreateInstance(_assembly.GetType($"Made.{type}", true)!)!;
        foreach (var (name, value) in members) made.GetType().GetProperty(name)!.SetValue(made, value);
        return made;
    }

    private static Assembly Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Select(f => MetadataReference.CreateFromFile(f));
        using var bytes = new MemoryStream();
        var result = CSharpCompilation.Create("made", [CSharpSyntaxTree.ParseText(code)], references, new(OutputKind.DynamicallyLinkedLibrary)).Emit(bytes);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        return Assembly.Load(bytes.ToArray());
    }
}
