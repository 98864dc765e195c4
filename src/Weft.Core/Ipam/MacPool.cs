using Weft.Core.Model;

namespace Weft.Core.Ipam;

/// <summary>Gives locally administered MACs (IEEE 802c, administratively assigned: second digit a) that are not in use on the host.</summary>
public sealed class MacPool(IEnumerable<MacAddress> taken, RandomBytes random)
{
    private readonly HashSet<MacAddress> _taken = [.. taken];

    /// <summary>A new one: 0a and 40 random bits, so that two hosts on one wire hardly ever meet.</summary>
    public MacAddress Next()
    {
        Span<byte> bytes = stackalloc byte[6];
        while (true)
        {
            random(bytes);
            bytes[0] = 0x0a;
            var mac = MacAddress.From(bytes);
            if (_taken.Add(mac)) return mac;
        }
    }

    /// <summary>Marks one as in use.</summary>
    public void Take(MacAddress mac) => _taken.Add(mac);
}
