using System.Globalization;
using Weft.Core.Resources;
using Weft.Engine.Host.Files;

namespace Weft.Engine.Host.Managers;

/// <summary>
/// As whom networkd's DHCP client asks. By default that has a number made of the link's name or slot (IAID, RFC 4361): on another link it would be another client, to
/// whom the server gives another address.
/// </summary>
internal static class NetworkdIdentity
{
    private const string Key = "IAID";

    /// <summary>Settings that make the client on a bridge the one that it was on the NIC; "" when the file says who it is, or nobody knows.</summary>
    public static string Of(HostTree tree, Nic nic, IReadOnlyList<IniSetting> settings)
    {
        if (settings.Any(s => s.Key == Key) || settings.Last("DHCPv4", "ClientIdentifier") == "mac") return "";
        return (FromLease(tree, nic) ?? FromOwnFile(tree, nic)) is { } iaid ? $"\n[DHCPv4]\n{Key}={iaid}\n\n[DHCPv6]\n{Key}={iaid}\n" : "";
    }

    // CLIENTID=ffIIIIIIII and the DUID: type 255, four bytes of IAID.
    private static string? FromLease(HostTree tree, Nic nic) =>
        tree.Text($"/run/systemd/netif/leases/{nic.Index}") is { } lease && lease.Split('\n').FirstOrDefault(l => l.StartsWith("CLIENTID=ff", StringComparison.Ordinal)) is { Length: > 19 } line
        && uint.TryParse(line.AsSpan(11, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var iaid)
            ? iaid.ToString(CultureInfo.InvariantCulture)
            : null;

    // Once the lease is the bridge's, Weft's own file for the bridge has it: that of the network whose file lets the NIC go.
    private static string? FromOwnFile(HostTree tree, Nic nic)
    {
        const string Folder = "/etc/systemd/network";
        var files = new HostFiles(tree.Root);
        List<HostFileResource> ours = [.. files.List(Folder).Select(files.Read).OfType<HostFileResource>()];
        var mine = ours.Find(f => IniText.Read(f.Content).Last("Match", "Name") == nic.Name);
        return mine is null ? null : ours.Where(f => f.Owner == mine.Owner && f.Network == mine.Network).Select(f => IniText.Read(f.Content).Last("DHCPv4", Key)).FirstOrDefault(i => i is not null);
    }
}
