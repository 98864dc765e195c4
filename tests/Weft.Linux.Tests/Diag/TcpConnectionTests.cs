using System.Net;
using System.Net.Sockets;
using CsCheck;
using Weft.Linux.Diag;
using Weft.Tests;

namespace Weft.Linux.Tests.Diag;

public class TcpConnectionTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_connection_is_found_by_its_ends_in_its_namespace(string address)
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var listener = new TcpListener(IPAddress.Parse(address), 0);
            listener.Start();
            using var client = new TcpClient(listener.LocalEndpoint.AddressFamily);
            client.Connect((IPEndPoint)listener.LocalEndpoint);
            using var server = listener.AcceptTcpClient();
            client.GetStream().Write([1, 2, 3]);
            server.GetStream().ReadExactly(new byte[3]);
            var (local, remote) = ((IPEndPoint)server.Client.LocalEndPoint!, (IPEndPoint)server.Client.RemoteEndPoint!);
            var found = TcpConnection.Find(local, remote);
            Assert.True(found is { Established: true, Retransmits: 0 });
            Assert.True(found.SinceReceived < TimeSpan.FromSeconds(10));
            Assert.Null(TcpConnection.Find(local, new IPEndPoint(remote.Address, remote.Port ^ 1)));
            Assert.Null(NetNs(() => TcpConnection.Find(local, remote)));
        });
    }

    [Fact]
    public void Random_answers_are_read_or_refused() => Gen.Byte.Array[0, 400].Sample(bytes => TcpConnection.Read(bytes) is null or { Retransmits: >= 0 });

    private static T NetNs<T>(Func<T> function)
    {
        using var other = new TestNamespace();
        return other.Run(function);
    }
}
