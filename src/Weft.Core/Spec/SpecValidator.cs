using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Spec;

/// <summary>Finds what can be known to be wrong without looking at the host. Rules of single values are the reader's.</summary>
public static class SpecValidator
{
    private static readonly ImmutableArray<Action<ProjectSpec, DiagnosticBag>> Rules =
        [NameRules.Check, SubnetRules.Check, OverlapRules.Check, PortRules.Check, VlanRules.Check, BridgeRules.Check, UplinkRules.Check, NatRules.Check, ForwardRules.Check, FloatingRules.Check, DnsRules.Check, RouteRules.Check];

    /// <summary>Adds every fault and warning to the bag.</summary>
    public static void Validate(ProjectSpec project, DiagnosticBag faults)
    {
        foreach (var rule in Rules) rule(project, faults);
    }
}
