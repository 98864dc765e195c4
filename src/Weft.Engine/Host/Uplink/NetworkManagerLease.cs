using System.Collections.Immutable;

namespace Weft.Engine.Host.Uplink;

/// <summary>
/// A lease of NetworkManager's own DHCP client, which cannot serve a bridge that NetworkManager is to leave alone: another client goes on with it there, as the client that
/// the server knows, and ends when the NIC goes back.
/// </summary>
internal static class NetworkManagerLease
{
    private const string Leases = "/var/lib/NetworkManager", DhclientConf = "/etc/dhcp/dhclient.conf", DhclientFolder = "/var/lib/dhcp";
    private static readonly string[] _folders = ["/usr/sbin", "/sbin"];

    /// <summary>Whether a client is installed that can go on with a lease.</summary>
    internal static bool HasSuccessor(HostTree tree) => Find(tree, "dhcpcd") is not null || Find(tree, "dhclient") is not null;

    /// <summary>The client that goes on; none when NetworkManager does not run here or has no lease for the NIC.</summary>
    /// <param name="nic">The NIC.</param>
    /// <param name="mac">Its address. NetworkManager's client says it is "01" and this (ipv4.dhcp-client-id=mac).</param>
    /// <param name="root">Root of the host's files.</param>
    /// <exception cref="IOException">The client's configuration cannot be written.</exception>
    internal static ImmutableArray<DhcpClientState> Successor(string nic, ReadOnlySpan<byte> mac, string root)
    {
        var tree = new HostTree(root);
        if (!tree.Files(Leases, $"-{nic}.lease").Any(f => Path.GetFileName(f).StartsWith("internal-", StringComparison.Ordinal)) || !ProcessScan.Find("NetworkManager").Any()) return [];
        var id = $"01:{string.Join(':', Convert.ToHexStringLower(mac).Chunk(2).Select(c => new string(c)))}";
        if (Find(tree, "dhcpcd") is { } dhcpcd) return [new("dhcpcd", dhcpcd, ["-4", "-I", id, nic]) { BridgeOnly = true }];
        return Find(tree, "dhclient") is { } dhclient ? [new("dhclient", dhclient, ["-4", "-cf", Configure(tree, nic), nic]) { BridgeOnly = true }] : [];
    }

    // In the folder that confinement by AppArmor leaves to dhclient.
    private static string Configure(HostTree tree, string nic)
    {
        var path = tree.On($"{DhclientFolder}/dhclient.weft-{nic}.conf");
        Directory.CreateDirectory(tree.On(DhclientFolder));
        File.WriteAllText(path, $"{tree.Text(DhclientConf)}\nsend dhcp-client-identifier = hardware;\n");
        return path;
    }

    private static string? Find(HostTree tree, string program) => _folders.Select(f => $"{f}/{program}").Where(tree.Exists).Select(tree.On).FirstOrDefault();
}
