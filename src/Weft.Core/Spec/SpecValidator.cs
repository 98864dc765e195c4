using Weft.Core.Diagnostics;

namespace Weft.Core.Spec;

/// <summary>Finds what can be known to be wrong without looking at the host.</summary>
public static class SpecValidator
{
    /// <summary>Adds every fault to the bag.</summary>
    public static void Validate(ProjectSpec project, DiagnosticBag faults) { }
}
