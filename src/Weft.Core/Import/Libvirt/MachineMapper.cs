using System.Globalization;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Core.Spec.Validation;

namespace Weft.Core.Import.Libvirt;

/// <summary>Makes machines of the hosts that DHCP knows: the IPv4 and IPv6 host of one MAC or name is one machine with both addresses.</summary>
internal sealed class MachineMapper(string network, List<Ip> ips, bool isolated, Notes notes)
{
    private readonly List<DraftMachine> _machines = [];
    private readonly HashSet<IPAddress> _given = [];

    /// <summary>The machines, in the order of the file.</summary>
    public List<DraftMachine> Map()
    {
        foreach (var ip in ips.OrderBy(i => !i.Address.IsV4)) foreach (var h in ip.Hosts) Take(h, ip);
        foreach (var m in _machines.Where(m => m.Port.Mac is null))
            notes.Changed(m.Port.At, $"machine {m.Name} has no MAC in the source: Weft gives it one", "write the MAC that the machine has, or give the machine the one that weft port show prints");
        return _machines;
    }

    private void Take(DhcpHost h, Ip ip)
    {
        var mac = h.Mac ?? MacOf(h.Id);
        if (h.Id is not null) notes.Changed(h.At, $"<host id={Notes.Q(h.Id)}>: Weft knows machines by MAC, for DHCPv6 too{(mac is { } m ? $": {m} is in the id" : "")}", mac is null ? "write the machine's MAC into the file" : null);
        if (!IsUsable(h, ip)) return;
        var name = h.Name is null ? null : Labels.Of(h.Name.Split('.')[0]) is { Length: > 0 } label ? label : null;
        var before = _machines.FindIndex(x => mac is not null && x.Port.Mac is not null ? x.Port.Mac == mac : name is not null && x.Name == name);
        if (before >= 0) Join(before, h, ip, mac);
        else New(h, name ?? $"host-{h.Address.ToString().Replace('.', '-').Replace(':', '-').Trim('-')}", mac);
    }

    private void New(DhcpHost h, string name, MacAddress? mac)
    {
        var free = Labels.Free(name, n => _machines.Exists(m => m.Name == n));
        if (h.Name is { } old && old != free) notes.Renamed(h.At, $"host {Notes.Q(old)} is machine {free}", "its name is machine.network.domain");
        if (mac is { Value: 0 }) mac = null;
        _machines.Add(new DraftMachine(free, new PortSpec(network) { At = h.At, Mac = mac, Addresses = [h.Address], Isolated = isolated }));
        _given.Add(h.Address);
    }

    private void Join(int at, DhcpHost h, Ip ip, MacAddress? mac)
    {
        var m = _machines[at];
        if (m.Port.Addresses.Any(ip.Address.Contains)) { Skip(h, $"machine {m.Name} has {m.Port.Addresses.First(ip.Address.Contains)} in {ip.Address.Network} already", "a port has one address a subnet"); return; }
        _machines[at] = m with { Port = m.Port with { Addresses = m.Port.Addresses.Add(h.Address), Mac = m.Port.Mac ?? mac } };
        _given.Add(h.Address);
    }

    private bool IsUsable(DhcpHost h, Ip own)
    {
        var why = !own.Address.Contains(h.Address) ? $"is not in {own.Address.Network}"
            : h.Address.Equals(own.Address.Address) ? "is the host's own address"
            : own.Address.Network.IsEdge(h.Address) ? $"is the network or broadcast address of {own.Address.Network}"
            : _given.Contains(h.Address) ? "is given twice" : null;
        if (why is not null) Skip(h, $"{h.Address} {why}", "choose another address");
        return why is null;
    }

    private void Skip(DhcpHost h, string why, string hint) => notes.Lost(h.At, $"<host{(h.Name is null ? "" : $" name={Notes.Q(h.Name)}")}> is left out: {why}", hint);

    /// <summary>The MAC in a DUID of an Ethernet address, with or without time (RFC 8415 11.2, 11.4).</summary>
    private static MacAddress? MacOf(string? id)
    {
        var bytes = id?.Split(':').Select(b => byte.TryParse(b, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        int[]? mac = bytes switch { [0, 1, 0, 1, _, _, _, _, .. var m] when m.Length == 6 => m, [0, 3, 0, 1, .. var m] when m.Length == 6 => m, _ => null };
        return mac is null || mac.Contains(-1) ? null : MacAddress.From([.. mac.Select(b => (byte)b)]) is { IsMulticast: false } found ? found : null;
    }
}
