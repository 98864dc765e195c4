using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Extra names do not hide machines.</summary>
internal static class DnsRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        CheckLengths(p, faults);
        foreach (var n in p.Networks.Where(n => !n.Dns.Records.IsEmpty))
        {
            var machines = p.AllPorts().Where(x => x.Port.Network == n.Name).Select(x => x.Machine.Name).ToHashSet();
            foreach (var name in n.Dns.Records.Select(r => r.Name).Distinct().Where(machines.Contains))
                faults.Error(RuleCodes.DuplicateName, n.At, $"{n.Title()}: dns record {name} is already machine {name}'s name", "rename the record");
            foreach (var twice in n.Dns.Records.GroupBy(r => r).Where(g => g.Count() > 1))
                faults.Warn(RuleCodes.DuplicateName, n.At, $"{n.Title()}: dns record {twice.Key.Name} has {twice.Key.Address} twice");
        }
    }

    private static void CheckLengths(ProjectSpec p, DiagnosticBag faults)
    {
        const int most = 253; // RFC 1035, section 2.3.4: 255 bytes with the first length and the root
        var served = p.Networks.Where(n => n.Dns.Enabled).Select(n => n.Name).ToHashSet();
        foreach (var (machine, port) in p.AllPorts().Where(x => served.Contains(x.Port.Network)))
            if ($"{machine.Name}.{port.Network}.{p.Domain}".Length is var length and > most)
                faults.Error(RuleCodes.LongName, port.At, $"machine {machine.Name}: its name with network and domain is {length} characters long; a name of DNS has at most {most}", "shorten the domain, the network's name or the machine's");
    }
}
