using System.Text;
using Weft.Core.Resources;

namespace Weft.Engine.Dhcp;

/// <summary>Changes dnsmasq's lease file while no dnsmasq runs: it reads it when it starts and keeps it in memory.</summary>
internal static class LeaseFile
{
    /// <summary>Removes the leases of subnets that are served no more, and of addresses whose machine went.</summary>
    internal static void Forget(string path, IReadOnlyList<DhcpScopeResource> closed, IReadOnlyList<DhcpHostResource> gone)
    {
        if ((closed.Count == 0 && gone.Count == 0) || !File.Exists(path)) return;
        var subnets = closed.SelectMany(s => s.Ranges).Select(r => r.Subnet).ToList();
        var addresses = gone.SelectMany(h => h.Addresses).ToHashSet();
        var kept = new StringBuilder();
        foreach (var line in File.ReadLines(path))
            if (DhcpLeases.Parse(line) is not { } lease || !(addresses.Contains(lease.Address) || subnets.Exists(s => s.Contains(lease.Address)))) kept.Append(line).Append('\n');
        WholeFile.Write(path, kept.ToString(), WholeFile.Private);
    }
}
