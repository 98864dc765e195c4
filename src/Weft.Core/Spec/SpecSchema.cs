using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Tables;

namespace Weft.Core.Spec;

/// <summary>The file format as a JSON Schema, for editors. Printed from the same table that the reader binds by.</summary>
public static class SpecSchema
{
    /// <summary>The schema's identifier.</summary>
    public const string Id = "https://weft.invalid/schema/project-1.json";

    /// <summary>The schema (draft 2020-12), indented, with a newline at the end. Deterministic.</summary>
    public static string Json() => SchemaWriter.Write(ProjectTable.Shape, Id, "Weft project");
}
