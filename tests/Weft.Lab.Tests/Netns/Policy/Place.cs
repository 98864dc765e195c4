using System.Net;
using System.Net.Sockets;
using Weft.Linux.NetNs;
using Weft.Tests;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>A network namespace that talks: a machine, the host, or the world.</summary>
internal sealed class Place : IDisposable
{
    private readonly TestNamespace _space = new();
    private readonly List<IDisposable> _open = [];

    internal string Name => _space.Name;

    internal void Ip(string arguments) => _space.Ip(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    internal string Exec(string command) => _space.Exec(command.Split(' ')[0], command.Split(' ')[1..]);

    internal T Run<T>(Func<T> function) => _space.Run(function);

    internal void Run(Action action) => _space.Run(action);

    internal Server Serve(int port)
    {
        var server = Run(() => new Server(port));
        _open.Add(server);
        return server;
    }

    /// <summary>What a TCP server sees this place as; or how the connection failed.</summary>
    internal string Tcp(string to, int port, string? from = null, int timeoutMs = Talk.PatientMs) => Run(() => Talk.Tcp(IPAddress.Parse(to), port, timeoutMs, Address(from)));

    /// <summary>The same by UDP.</summary>
    internal string Udp(string to, int port, string? from = null, int timeoutMs = Talk.PatientMs) => Run(() => Talk.Udp(IPAddress.Parse(to), port, timeoutMs, Address(from)));

    /// <summary>A connection that stays open until the test ends; null when it does not come about.</summary>
    internal Socket? Hold(string to, int port, string? from = null, int timeoutMs = Talk.PatientMs)
    {
        var socket = Run(() => Talk.Open(IPAddress.Parse(to), port, timeoutMs, Address(from), out _));
        if (socket is not null) _open.Add(socket);
        return socket;
    }

    public void Dispose()
    {
        _open.ForEach(o => o.Dispose());
        _space.Dispose();
    }

    private static IPAddress? Address(string? text) => text is null ? null : IPAddress.Parse(text);
}
