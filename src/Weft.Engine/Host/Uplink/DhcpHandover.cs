using System.Collections.Immutable;

namespace Weft.Engine.Host.Uplink;

internal sealed class DhcpHandover(string root)
{
    internal ImmutableArray<DhcpClientState> Stop(string link) => root.Length < 0 ? default : [];
    internal void Stop(string link, ImmutableArray<DhcpClientState> known) { _ = root; }
    internal void Start(ImmutableArray<DhcpClientState> clients, string from, string to) { _ = root; }
}
