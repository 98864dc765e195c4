using System.Net.Sockets;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Sends bytes through a connection and waits until the server has them.</summary>
internal static class Traffic
{
    /// <summary>Bytes that the server got.</summary>
    internal static long Push(Socket socket, Server server, int bytes)
    {
        var before = server.Received;
        socket.SendTimeout = Talk.PatientMs;
        var buffer = new byte[bytes];
        for (var sent = 0; sent < bytes;) sent += socket.Send(buffer, sent, bytes - sent, SocketFlags.None);
        Assert.True(server.WaitReceived(before + bytes, Talk.PatientMs), $"{server.Received - before} of {bytes} bytes arrived");
        return server.Received - before;
    }
}
