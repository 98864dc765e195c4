using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Linux.Processes;

namespace Weft.Cli.Sandbox;

/// <summary>The web server of the sandbox's world: answers every request with who asked, until it is ended.</summary>
internal static class WebServer
{
    /// <summary>The verb below "sandbox" that runs it; no person types it.</summary>
    internal const string Verb = "serve";

    /// <summary>Printed when requests are taken.</summary>
    internal const string Ready = "ready";

    private const int Port = 80;

    internal static int Serve()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, Port);
        listener.Server.DualMode = true;
        listener.Start();
        ProcessImage.NewSession();
        Console.WriteLine(Ready);
        while (true)
        {
            using var client = listener.AcceptTcpClient();
            Answer(client);
        }
    }

    private static void Answer(TcpClient client)
    {
        const int patience = 2000; // milliseconds for a client to say what it wants; the next one waits that long at most
        client.ReceiveTimeout = client.SendTimeout = patience;
        try
        {
            var stream = client.GetStream();
            _ = stream.Read(new byte[4096]);
            var from = ((IPEndPoint)client.Client.RemoteEndPoint!).Address;
            var body = $"hello from the world, {(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from)}\n";
            stream.Write(Encoding.ASCII.GetBytes($"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        }
        catch (IOException)
        {
            // The client went away: nobody is left to tell.
        }
    }
}
