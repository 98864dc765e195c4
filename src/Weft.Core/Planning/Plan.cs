using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Resources;

namespace Weft.Core.Planning;

/// <summary>What would be done, in order, and what there is to say about it.</summary>
/// <param name="Project">The project.</param>
/// <param name="Steps">In the order of acting.</param>
/// <param name="Notes">Warnings of the modes and of the host.</param>
public sealed record Plan(string Project, ImmutableArray<Step> Steps, ImmutableArray<Diagnostic> Notes)
{
    /// <summary>True when the host is as declared.</summary>
    public bool IsEmpty => Steps.IsEmpty;
}
