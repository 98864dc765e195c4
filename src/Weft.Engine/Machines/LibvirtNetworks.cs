using Weft.Core.Ipam;
using Weft.Linux.Libvirt;

namespace Weft.Engine.Machines;

/// <summary>What is to be done so that libvirt lists Weft's networks. Networks that do not carry Weft's element are left alone, whatever their name.</summary>
/// <param name="Put">To define and start.</param>
/// <param name="Remove">Names to stop and undefine; before the others are defined.</param>
/// <param name="Taken">Names that a network of somebody else has.</param>
public sealed record LibvirtNetworks(IReadOnlyList<NetworkXml> Put, IReadOnlyList<string> Remove, IReadOnlyList<string> Taken)
{
    /// <summary>The name of a network with libvirt: PROJECT.NETWORK. Neither has a dot, so no two are alike.</summary>
    public static string NameOf(NetworkAllocation network) => $"{network.Project}.{network.Network}";

    /// <summary>Compares.</summary>
    /// <param name="given">Weft's networks.</param>
    /// <param name="there">libvirt's.</param>
    public static LibvirtNetworks Compare(IReadOnlyCollection<NetworkAllocation> given, IReadOnlyCollection<LibvirtNetwork> there)
    {
        // One whose bridge was libvirt's stands in its list by its old name. A second on the bridge would keep libvirt from having it back: a bridge has one network that makes it, and no other beside that.
        var wanted = given.Where(n => n.Adopted?.Libvirt is null).Select(n => new NetworkXml(NameOf(n), n.Bridge, n.Project, n.Network)).ToDictionary(n => n.Name);
        var (put, remove, taken) = (new Dictionary<string, NetworkXml>(wanted), new List<string>(), new List<string>());
        foreach (var network in there)
        {
            var read = NetworkXml.Read(network.Xml);
            if (!read.IsOurs)
            {
                if (put.Remove(read.Name)) taken.Add(read.Name);
            }
            else if (!read.IsListed) continue; // of a bridge that was libvirt's: it comes and goes with the project
            else if (!wanted.TryGetValue(read.Name, out var want) || want != read with { Uuid = null }) remove.Add(read.Name); // another bridge takes effect with the next start only
            else if (network is { Active: true, Autostart: true }) put.Remove(read.Name);
        }
        return new([.. put.Values], remove, taken);
    }
}
