using System.Diagnostics;
using System.Net;
using Weft.Linux.Route;

namespace Weft.Linux.Packet;

/// <summary>Asks for many addresses at once and gathers the answers, so that a hundred cost the time of one.</summary>
internal static class NeighbourExchange
{
    // PROBE_NUM of RFC 5227 and MAX_MULTICAST_SOLICIT of RFC 4861: a lost frame shall not look like a free address or a dead gateway.
    private const int Rounds = 3;
    private const int LongestFrame = 2048; // cut ones are longer than any ARP or ND packet that counts here

    /// <summary>Who answered for an address; null when the frame is no answer.</summary>
    internal delegate (IPAddress Address, MacAddress Mac)? Reader(ReadOnlySpan<byte> frame);

    /// <summary>Sends each frame up to three times over the time given, and ends as soon as all have answered.</summary>
    internal static Dictionary<IPAddress, MacAddress> Run(PacketSocket socket, IEnumerable<IPAddress> addresses, Func<IPAddress, byte[]> frame, Reader read, TimeSpan timeout)
    {
        var open = addresses.ToDictionary(a => a, frame);
        var found = new Dictionary<IPAddress, MacAddress>();
        var clock = Stopwatch.StartNew();
        for (var round = 1; round <= Rounds && open.Count > 0; round++)
        {
            foreach (var f in open.Values) socket.Send(f);
            Gather(socket, open, found, read, clock, timeout * round / Rounds);
        }
        return found;
    }

    private static void Gather(PacketSocket socket, Dictionary<IPAddress, byte[]> open, Dictionary<IPAddress, MacAddress> found, Reader read, Stopwatch clock, TimeSpan until)
    {
        Span<byte> buffer = stackalloc byte[LongestFrame];
        while (open.Count > 0 && socket.Receive(buffer, until - clock.Elapsed) is >= 0 and var n)
            if (read(buffer[..n]) is var (address, mac) && open.Remove(address)) found[address] = mac;
    }
}
