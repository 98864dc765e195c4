using System.Net;
using System.Net.Sockets;
using CsCheck;
using Weft.Linux.Conntrack;
using Weft.Linux.Nft;
using Weft.Tests;

namespace Weft.Linux.Tests.Conntrack;

public class ConntrackSocketTests
{
    private const string Tracking = """
        table ip t {
            chain c {
                type nat hook output priority -100;
                ip daddr 127.0.0.9 tcp dport 80 dnat to 127.0.0.1:PORT
            }
        }

        """;

    [Fact]
    public void A_translated_connection_is_listed_with_both_ends_and_is_forgotten_when_told()
    {
        using var ns = new TestNamespace();
        ns.Run(() =>
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            NftText.Apply(Tracking.Replace("PORT", $"{((IPEndPoint)listener.LocalEndpoint).Port}", StringComparison.Ordinal));
            using var client = new TcpClient();
            client.Connect(IPAddress.Parse("127.0.0.9"), 80);
            using var conntrack = new ConntrackSocket();
            var found = Assert.Single(conntrack.Connections(), c => c.IsTranslated);
            Assert.Equal((6, IPAddress.Parse("127.0.0.9"), 80, IPAddress.Loopback), (found.Protocol, found.Destination, found.DestinationPort, found.Answerer));
            Assert.Equal((IPAddress.Loopback, IPAddress.Loopback), (found.Source, found.AnsweredAt));
            conntrack.Delete([found, found]); // the second is not there any more
            Assert.DoesNotContain(conntrack.Connections(), c => c.IsTranslated);
        });
    }

    [Fact]
    public void Random_messages_are_read_or_refused() => Gen.Byte.Array[0, 400].Sample(bytes => ConntrackSocket.Read(bytes) is null || bytes.Length >= 4);
}
