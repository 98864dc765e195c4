using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine.Host.Boot;
using Weft.Linux.Route;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>NICs come within seconds of each other; firmware and slow buses take longer. After this the network is reported instead.</summary>
    private static readonly TimeSpan NicPatience = TimeSpan.FromSeconds(30);

    /// <summary>As <see cref="Propose"/>, at the start of the machine: NICs that the file names may still be on their way, and are waited for.</summary>
    /// <param name="source">The file.</param>
    public Proposal ProposeAtBoot(SpecSource source)
    {
        var spec = SpecReader.Load(source.File, source.Text, new DiagnosticBag());
        if (spec is not null) AwaitLinks([.. spec.Networks.Select(Nic).OfType<string>()]);
        return Propose(source);
    }

    // Beside the point of the change: it stays when the unit cannot be written.
    private void PrepareBoot()
    {
        if (_options.AtBoot is not { } program) return;
        try
        {
            var unit = new BootUnit(_options.Root, program);
            if (Store.Projects.Count == 0) unit.Disable();
            else unit.Enable([.. Store.Allocations().Networks.SelectMany(n => n.Uplinks).Where(IsPhysical).Distinct()]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.Warn($"what was applied will not come back when the machine starts: {e.Message}");
        }
    }

    private bool IsPhysical(string link) => _socket.Link(link) is { ParentDevice: not null };

    private static string? Nic(NetworkSpec network) => network switch
    {
        BridgeNetworkSpec { Uplink: { } uplink } => uplink.Link,
        NatNetworkSpec { Uplink: { } link } => link,
        _ => null,
    };

    private void AwaitLinks(List<string> names)
    {
        using var watch = new LinkWatch(); // before looking, so that nothing is missed in between
        var start = _options.Clock.GetTimestamp();
        while (names.Exists(n => _socket.Link(n) is null) && watch.Wait(NicPatience - _options.Clock.GetElapsedTime(start))) { }
    }
}
