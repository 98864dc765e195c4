using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Engine.Confirm;

/// <summary>Something that must be reachable after a change.</summary>
public abstract record ProbeTarget
{
    /// <summary>
    /// Reads "gateway", "ssh", "tcp:HOST:PORT" or "ping:HOST". Names are looked up now, before the change, because afterwards there may be nobody to ask; an IPv6
    /// address of tcp stands in brackets.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of these, or the name has no address.</exception>
    public static ProbeTarget Parse(string text)
    {
        var (kind, rest) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var i ? (text[..i], text[(i + 1)..]) : (text, "");
        return (kind, rest) switch
        {
            ("gateway", "") => new GatewayTarget(null),
            ("ssh", "") => new SshTarget(SshClient.Find() ?? throw new ArgumentException("probe 'ssh': this command was not started from an SSH session; name a target with tcp: or ping:")),
            ("ping", not "") => new PingTarget(Resolve(rest, text)),
            ("tcp", not "") => Tcp(rest, text),
            _ => throw new ArgumentException($"probe '{text}': write gateway, ssh, tcp:HOST:PORT or ping:HOST"),
        };
    }

    private static TcpTarget Tcp(string rest, string text)
    {
        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new ArgumentException($"probe '{text}': write tcp:HOST:PORT with a port of 1 to 65535");
        return new(new IPEndPoint(Resolve(rest[..colon], text), port));
    }

    private static IPAddress Resolve(string host, string text)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return address;
        try
        {
            // On this thread: getaddrinfo asks by the routes of its network namespace.
            return Dns.GetHostAddresses(host).FirstOrDefault(a => a.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)
                ?? throw new ArgumentException($"probe '{text}': {host} has no address");
        }
        catch (SocketException e)
        {
            throw new ArgumentException($"probe '{text}': look up {host}: {e.Message}; give an address", e);
        }
    }
}

/// <summary>A router: it must answer ARP or neighbour discovery. Null stands for those of the default routes, as they are when the probe is made.</summary>
public sealed record GatewayTarget(IPAddress? Address) : ProbeTarget
{
    /// <inheritdoc/>
    public override string ToString() => Address is null ? "the gateway" : $"gateway {Address}";
}

/// <summary>A service: it must accept a connection.</summary>
public sealed record TcpTarget(IPEndPoint EndPoint) : ProbeTarget
{
    /// <inheritdoc/>
    public override string ToString() => $"tcp {EndPoint}";
}

/// <summary>A host: it must answer an echo request.</summary>
public sealed record PingTarget(IPAddress Address) : ProbeTarget
{
    /// <inheritdoc/>
    public override string ToString() => $"ping {Address}";
}

/// <summary>The administrator's own connection: something must have come in by it since the probe began.</summary>
public sealed record SshTarget(SshClient Client) : ProbeTarget
{
    /// <inheritdoc/>
    public override string ToString() => $"the SSH client {Client.Remote}";
}

/// <summary>What became of a target.</summary>
/// <param name="Target">The target.</param>
/// <param name="Good">Whether it is reachable.</param>
/// <param name="Detail">Why not; or how.</param>
public sealed record ProbeResult(ProbeTarget Target, bool Good, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Target}: {Detail}";
}
