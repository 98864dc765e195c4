using System.Net;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Validation;

/// <summary>Where forwards and floating addresses may lead.</summary>
internal sealed class Targets(ProjectSpec project)
{
    private readonly Dictionary<string, MachineSpec> _machines = project.Machines.DistinctBy(m => m.Name).ToDictionary(m => m.Name);

    /// <summary>A machine of the file with a port on the network, or an address of its subnets other than the host's.</summary>
    public void Check(NetworkSpec n, string? machine, IPAddress? address, Location at, string what, DiagnosticBag faults)
    {
        if (machine is not null) CheckMachine(n, machine, at, what, faults);
        else if (address is not null && n.SubnetsKnown()) CheckAddress(n, address, at, what, faults);
    }

    private void CheckMachine(NetworkSpec n, string name, Location at, string what, DiagnosticBag faults)
    {
        if (!_machines.TryGetValue(name, out var machine))
            faults.Error(RuleCodes.UnknownMachine, at, $"{n.Title()}: {what} leads to machine '{name}', which is not in this file", Nearest.Hint(name, _machines.Keys) ?? "declare it under machines, or give an address");
        else if (machine.Ports.All(x => x.Network != n.Name))
            faults.Error(RuleCodes.MachineElsewhere, at, $"{n.Title()}: {what} leads to machine {name}, which has no port on this network", Where(machine));
    }

    private static string Where(MachineSpec m) => m.Ports.IsEmpty ? "it has no ports" : $"it is on {string.Join(", ", m.Ports.Select(p => p.Network).Distinct())}";

    private static void CheckAddress(NetworkSpec n, IPAddress address, Location at, string what, DiagnosticBag faults)
    {
        var subnet = n.Subnets.FirstOrDefault(s => s.Prefix.Contains(address));
        if (subnet is null)
            faults.Error(RuleCodes.AddressOutside, at, $"{n.Title()}: {what} leads to {address}, which is in no subnet of this network", $"its subnets: {string.Join(", ", n.Subnets.Select(s => s.Prefix))}");
        else if (address.Equals(subnet.HostAddress()) || subnet.Prefix.IsEdge(address))
            faults.Error(RuleCodes.AddressTaken, at, $"{n.Title()}: {what} leads to {address}, which is no machine's in {subnet.Prefix}", "give a machine's address");
    }
}
