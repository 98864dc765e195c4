using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>What all decoders share. Whatever the bytes, they throw nothing but <see cref="InvalidDataException"/>.</summary>
internal static class Decode
{
    /// <summary>Reads the family header and leaves the attributes.</summary>
    internal static T Header<T>(ReadOnlySpan<byte> message, out NetlinkReader attributes) where T : unmanaged
    {
        if (!MemoryMarshal.TryRead(message, out T header))
            throw new InvalidDataException($"{typeof(T).Name} of {message.Length} bytes; it has {Unsafe.SizeOf<T>()}");
        attributes = new NetlinkReader(message[((Unsafe.SizeOf<T>() + 3) & ~3)..]);
        return header;
    }

    /// <summary>A MAC address; null when the link layer has another kind of address, or none.</summary>
    internal static MacAddress? Mac(NetlinkAttribute a) => a.Payload.Length == 6 ? new MacAddress(a.Payload) : null;

    internal static AddressFamily Family(byte family) => family switch
    {
        Rtm.AF_INET => AddressFamily.InterNetwork,
        Rtm.AF_INET6 => AddressFamily.InterNetworkV6,
        _ => throw new InvalidDataException($"address family {family}"),
    };

    internal static byte Family(AddressFamily family) => family switch
    {
        AddressFamily.InterNetwork => Rtm.AF_INET,
        AddressFamily.InterNetworkV6 => Rtm.AF_INET6,
        _ => throw new ArgumentException($"address family {family}: IPv4 or IPv6 is needed", nameof(family)),
    };

    /// <summary>A prefix whose address may be left out when it is all zero.</summary>
    internal static IPNetwork Prefix(byte family, NetlinkAttribute address, int length)
    {
        var any = family == Rtm.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        var at = address.Payload.IsEmpty ? any : Address(family, address);
        try
        {
            return new IPNetwork(at, length);
        }
        catch (ArgumentException e) // a length too great, or bits set beyond it
        {
            throw new InvalidDataException($"prefix {at}/{length}", e);
        }
    }

    /// <summary>An address of the family of the message.</summary>
    internal static IPAddress Address(byte family, NetlinkAttribute a)
    {
        var address = a.Address;
        return Family(address.AddressFamily) == family ? address : throw new InvalidDataException($"{address} in a message of family {family}");
    }

    /// <summary>RTA_VIA: a family, then an address of it.</summary>
    internal static IPAddress Via(NetlinkAttribute a) =>
        a.Payload.Length is 6 or 18 ? new IPAddress(a.Payload[2..]) : throw new InvalidDataException($"RTA_VIA of {a.Payload.Length} bytes");

    internal static RawAttribute Raw(NetlinkAttribute a) => new(a.Type, ValueList.Create(a.Payload));
}
