using System.Text.Json;
using Weft.Engine;
using Weft.Engine.Dhcp;
using Weft.Engine.Status;

namespace Weft.Cli.Rendering;

/// <summary>What the views of show are made from; read once.</summary>
internal sealed class ShowQuery(WeftEngine engine, string? project, string? netns)
{
    private HostStatus? _status;

    internal WeftEngine Engine => engine;
    internal string? NetNs => netns;
    internal IEnumerable<NetworkStatus> Networks => Status.Networks.Where(n => project is null || n.Declared.Project == project);
    internal IEnumerable<PortStatus> Ports => Status.Ports.Where(p => project is null || p.Declared.Project == project);
    internal IEnumerable<ForwardStatus> Forwards => engine.Forwards().Where(f => project is null || f.Project == project);
    internal IEnumerable<DhcpLease> Leases => engine.Leases().Where(l => project is null || Networks.Any(n => n.Declared.Bridge == l.Link));
    private HostStatus Status => _status ??= engine.Status();
}

/// <summary>One thing that show shows, for people and for machines.</summary>
internal interface IShowView
{
    /// <summary>As on the command line; also the member of the JSON document.</summary>
    string Name { get; }

    void Print(Screen screen, ShowQuery query);

    void Write(Utf8JsonWriter w, ShowQuery query);
}
