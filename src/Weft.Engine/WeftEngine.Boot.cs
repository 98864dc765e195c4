using Weft.Core.Diagnostics;
using Weft.Core.Ipam;
using Weft.Engine.Apply;
using Weft.Engine.Host.Boot;
using Weft.Engine.Store;
using Weft.Linux.Route;

namespace Weft.Engine;

public sealed partial class WeftEngine
{
    /// <summary>NICs come within seconds of each other; firmware and slow buses take longer. After this the network is reported instead.</summary>
    private static readonly TimeSpan NicPatience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Applies every project as it was last applied, at the start of the machine: links that one names may be made by another, or be NICs on their
    /// way, and are waited for. One that fails does not keep the others down. A signal that ends a program takes the one in work back; the others are not begun.
    /// </summary>
    /// <returns>Each project when it is through; without outcome when it has faults.</returns>
    /// <exception cref="IOException">As <see cref="Apply"/>.</exception>
    public IEnumerable<(ProjectRow Project, Proposal Proposal, Outcome? Outcome)> ApplyAtBoot()
    {
        using var watch = new RouteWatch(RouteGroups.Links); // before looking, so that nothing is missed in between
        using var signals = new SignalHold(_options.Interruptible);
        _drivers.Sysctl.Forget();
        var (start, tried) = (_options.Clock.GetTimestamp(), 0);
        var queue = new Queue<ProjectRow>(Store.Projects);
        while (queue.TryDequeue(out var row))
        {
            if (signals.Asked is { } signal)
            {
                yield return NotBegun(row, $"interrupted by {signal}");
                continue;
            }
            var proposal = Propose(new SpecSource(row.File, row.Text));
            if ((proposal.MissesLink && IsWorthAnotherTry(queue.Count, ref tried, watch, start, signals.Token)) || signals.Asked is not null) queue.Enqueue(row);
            else yield return (row, proposal, proposal.Succeeded ? Apply(proposal) : null);
        }
    }

    private static (ProjectRow, Proposal, Outcome?) NotBegun(ProjectRow row, string why)
    {
        var note = new Diagnostic("WEFT4007", Severity.Error, $"project {row.Name} was not begun: {why}", Location.None, "weft apply --boot makes what is missing");
        return (row, Proposal.Refused(row.Name, [note], AllocationState.Empty), Outcome.Of(OutcomeKind.Undone, why: why));
    }

    // Others may make the link; when all that are left miss one, only the kernel can bring it.
    private bool IsWorthAnotherTry(int others, ref int tried, RouteWatch watch, long start, CancellationToken stop)
    {
        if (++tried <= others) return true;
        tried = 0;
        return watch.Wait(NicPatience - _options.Clock.GetElapsedTime(start), stop);
    }

    // Beside the point of the change: it stays when the unit cannot be written.
    private void PrepareBoot()
    {
        if (_options.AtBoot is not { } program) return;
        try
        {
            var unit = new BootUnit(_options.Root, program);
            if (Store.ProjectNames.Count == 0) unit.Disable();
            else unit.Enable([.. Store.Networks.SelectMany(n => n.Uplinks).Where(IsPhysical).Distinct()]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _options.Warn($"what was applied will not come back when the machine starts: {e.Message}");
        }
    }

    private bool IsPhysical(string link) => _socket.Link(link) is { ParentDevice: not null };
}
