using System.Net;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Ports: their network exists, their addresses are free addresses of its subnets.</summary>
internal static class PortRules
{
    /// <summary>Runs the rules.</summary>
    public static void Check(ProjectSpec p, DiagnosticBag faults)
    {
        var networks = p.Networks.DistinctBy(n => n.Name).ToDictionary(n => n.Name);
        var given = new Dictionary<(string Network, IPAddress Address), (string Machine, int Line)>();
        foreach (var (machine, port) in p.AllPorts())
        {
            if (!networks.TryGetValue(port.Network, out var network)) { Unknown(machine, port, networks.Keys, faults); continue; }
            CheckAddresses(machine, port, network, faults);
            foreach (var a in port.Addresses) CheckFree(machine, port, a, given, faults);
        }
    }

    private static void Unknown(MachineSpec machine, PortSpec port, IReadOnlyCollection<string> names, DiagnosticBag faults) =>
        faults.Error(RuleCodes.UnknownNetwork, port.At, $"machine {machine.Name}: there is no network '{port.Network}' in this file", Nearest.Hint(port.Network, names));

    private static void CheckAddresses(MachineSpec machine, PortSpec port, NetworkSpec network, DiagnosticBag faults)
    {
        if (!network.SubnetsKnown()) return;
        var used = new HashSet<SubnetSpec>(ReferenceEqualityComparer.Instance);
        foreach (var a in port.Addresses)
        {
            if (network.Subnets.FirstOrDefault(s => s.Prefix.Contains(a)) is not { } subnet)
            {
                faults.Error(RuleCodes.AddressOutside, port.At, $"machine {machine.Name}: {a} is in no subnet of network {network.Name}", $"its subnets: {string.Join(", ", network.Subnets.Select(s => s.Prefix))}");
                continue;
            }
            if (Taken(subnet, a) is { } why)
                faults.Error(RuleCodes.AddressTaken, port.At, $"machine {machine.Name}: {a} is {why} of {subnet.Prefix}", "choose another");
            if (!used.Add(subnet) && !port.Addresses.Take(port.Addresses.IndexOf(a)).Contains(a))
                faults.Error(RuleCodes.TwoInSubnet, port.At, $"machine {machine.Name}: a second address in {subnet.Prefix}: {a}", "a port has one address a subnet; use a second port");
        }
    }

    private static string? Taken(SubnetSpec s, IPAddress a) =>
        a.Equals(s.HostAddress()) ? "the host's own address (gateway)" : s.Prefix.IsEdge(a) ? "the network or broadcast address" : null;

    private static void CheckFree(MachineSpec machine, PortSpec port, IPAddress a, Dictionary<(string, IPAddress), (string Machine, int Line)> given, DiagnosticBag faults)
    {
        if (given.TryAdd((port.Network, a), (machine.Name, port.At.Line))) return;
        var (name, line) = given[(port.Network, a)];
        faults.Error(RuleCodes.DuplicateAddress, port.At, $"machine {machine.Name}: {a} on {port.Network} is already machine {name}'s{(line > 0 ? $" (line {line})" : "")}", "give each port its own, or leave it out");
    }
}
