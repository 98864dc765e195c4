using Weft.Core.Model;
using Weft.Core.Resources;

namespace Weft.Core.Modes.Bridge;

/// <summary>Drop-ins that hand a NIC over from the host's own network configuration to Weft, and the bridge's DHCP client back to it.</summary>
internal static class HostFiles
{
    private const string Mark = HostFileResource.Mark;

    /// <summary>True when the tool reads a drop-in that leaves out one NIC.</summary>
    public static bool CanHandOver(string manager) => manager is "networkmanager" or "networkd" or "netplan" or "dhclient";

    /// <summary>What handing over costs, for the plan; "" when nothing.</summary>
    public static string Price(string manager) => manager == "networkmanager" ? ", and is restarted for that: wireless links and VPNs of its own are gone for some seconds" : "";

    /// <summary>What to do by hand where there is no drop-in.</summary>
    public static string Advice(string manager) => manager switch
    {
        "ifupdown" => "comment its stanza out of /etc/network/interfaces; until then ifup gives the NIC its addresses at boot and 'weft apply --boot' moves them",
        "dhcpcd" => "add 'denyinterfaces' with the NIC's name to /etc/dhcpcd.conf",
        _ => "keep it from configuring the NIC",
    };

    /// <summary>The files for one uplink. netplan only writes for NetworkManager or networkd: what it runs is listed as a manager itself.</summary>
    /// <param name="owner">Project.</param>
    /// <param name="network">Network.</param>
    /// <param name="nic">The NIC.</param>
    /// <param name="bridge">The bridge over it.</param>
    /// <param name="managers">Who configures NICs.</param>
    /// <param name="move">Whether addresses, and so a DHCP client, move to the bridge.</param>
    public static IEnumerable<Resource> For(string owner, string network, string nic, string bridge, IEnumerable<NicManager> managers, bool move)
    {
        var mine = managers.Where(m => m.Link == nic).ToList();
        if (mine.Find(m => m.Manager == "networkmanager") is not null)
            // Gone with the next boot, at which NetworkManager gives the NIC its addresses and 'weft apply --boot' moves them.
            yield return new HostFileResource(owner, network, $"/run/NetworkManager/conf.d/90-weft-{bridge}.conf",
                $"{Mark}\n[keyfile]\nunmanaged-devices+=interface-name:{nic};interface-name:{bridge}\n", "networkmanager");
        if (mine.Find(m => m.Manager is "networkd" or "netplan") is not { } networkd || mine.Exists(m => m.Manager == "networkmanager")) yield break;
        yield return Networkd(owner, network, nic, Left);
        yield return Networkd(owner, network, bridge, move ? Moved(networkd) : Left);
    }

    private const string Left = "[Link]\nUnmanaged=yes\n";

    // KeepConfiguration: what was moved stays while networkd looks whether it is what it would have configured.
    private static string Moved(NicManager networkd) => (networkd.Settings, networkd.Dhcp) switch
    {
        ({ } settings, _) => settings + "\n[Network]\nKeepConfiguration=yes\nConfigureWithoutCarrier=yes\n",
        (null, true) => "[Network]\nDHCP=yes\nKeepConfiguration=yes\nConfigureWithoutCarrier=yes\n",
        _ => Left,
    };

    // networkd takes the first matching file by name: 05 goes before what netplan and installers write.
    private static HostFileResource Networkd(string owner, string network, string link, string body) =>
        new(owner, network, $"/etc/systemd/network/05-weft-{link}.network", $"{Mark}\n[Match]\nName={link}\n\n{body}", "networkd");
}
