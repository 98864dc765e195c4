namespace Weft.Cli;

/// <summary>What an exception says to people.</summary>
internal static class FaultText
{
    /// <summary>Its message without .NET's own words for programmers.</summary>
    internal static string Of(Exception e) => e is ArgumentException { ParamName: { } parameter } ? e.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : e.Message;
}
