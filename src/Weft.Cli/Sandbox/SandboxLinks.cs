using System.Net;
using System.Net.Sockets;
using Weft.Linux.NetNs;
using Weft.Linux.Route;
using Weft.Linux.Sysfs;

namespace Weft.Cli.Sandbox;

/// <summary>Links, addresses, routes and forwarding of a sandbox's two namespaces.</summary>
internal sealed class SandboxLinks(SandboxLayout layout)
{
    // Both namespaces are new: index 1 is their loopback, and these are free.
    private const int Loopback = 1, First = 2, Second = 3;

    /// <summary>Makes all of it in namespaces that are empty.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    internal void Make()
    {
        NetNamespace.Run(layout.World, MakeWorld);
        NetNamespace.Run(layout.Name, MakeHost);
    }

    private void MakeWorld()
    {
        Sysctl.Write("net/ipv4/ip_forward", "1");
        Sysctl.Write("net/ipv6/conf/all/forwarding", "1");
        // A router that is just made has no twin: its link-local addresses are good at once, and the DHCP server can bind them.
        Sysctl.Write("net/ipv6/conf/default/accept_dad", "0");
        using var host = File.OpenHandle(NetNamespace.PathOf(layout.Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var there = new LinkSettings { NetNsDescriptor = host.DangerousGetHandle().ToInt32() };
        Execute(new RouteBatch()
            .SetLink(Loopback, new() { Up = true })
            .NewVeth("wan", "eth0", First, First, new() { Up = true }, there)
            .NewVeth("office", "eth1", Second, Second, new() { Up = true }, there),
            [(First, SandboxLayout.RouterAddress, 24), (First, SandboxLayout.RouterAddress6, 64),
             (Second, SandboxLayout.OfficeRouter, 24), (Second, SandboxLayout.OfficeRouter6, 64),
             (Loopback, SandboxLayout.WebAddress, 32), (Loopback, SandboxLayout.WebAddress6, 128)]);
    }

    private static void MakeHost()
    {
        Sysctl.Write("net/ipv4/ip_forward", "0"); // a new namespace takes it from the machine, which may forward
        foreach (var nic in new[] { "eth0", "eth1" }) Sysctl.Write($"net/ipv6/conf/{nic}/accept_ra", "0"); // its addresses and routes are static
        Execute(new RouteBatch()
            .SetLink(Loopback, new() { Up = true })
            .SetLink(First, new() { Up = true })
            .SetLink(Second, new() { Up = true }),
            [(First, SandboxLayout.HostAddress, 24), (First, SandboxLayout.HostAddress6, 64),
             (Second, SandboxLayout.OfficeHost, 24), (Second, SandboxLayout.OfficeHost6, 64)],
            SandboxLayout.RouterAddress, SandboxLayout.RouterAddress6);
    }

    private static void Execute(RouteBatch batch, (int Link, string Address, byte Length)[] addresses, params string[] gateways)
    {
        foreach (var (link, address, length) in addresses)
            batch.NewAddress(new() { LinkIndex = link, Address = IPAddress.Parse(address), PrefixLength = length, Flags = AddressFlags.NoDad });
        foreach (var gateway in gateways.Select(IPAddress.Parse)) batch.NewRoute(Default(gateway));
        using var socket = new RouteSocket();
        socket.Execute(batch);
    }

    private static RouteInfo Default(IPAddress gateway) => new()
    {
        Family = gateway.AddressFamily,
        Destination = new IPNetwork(gateway.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0),
        Gateway = gateway,
        OutLink = First,
    };
}
