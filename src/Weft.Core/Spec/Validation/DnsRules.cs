using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Extra names do not hide machines.</summary>
internal static class DnsRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        foreach (var n in p.Networks.Where(n => !n.Dns.Records.IsEmpty))
        {
            var machines = p.AllPorts().Where(x => x.Port.Network == n.Name).Select(x => x.Machine.Name).ToHashSet();
            foreach (var name in n.Dns.Records.Select(r => r.Name).Distinct().Where(machines.Contains))
                faults.Error(RuleCodes.DuplicateName, n.At, $"{n.Title()}: dns record {name} is already machine {name}'s name", "rename the record");
            foreach (var twice in n.Dns.Records.GroupBy(r => r).Where(g => g.Count() > 1))
                faults.Warn(RuleCodes.DuplicateName, n.At, $"{n.Title()}: dns record {twice.Key.Name} has {twice.Key.Address} twice");
        }
    }
}
