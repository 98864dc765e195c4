namespace Weft.Bench;

/// <summary>The list of scenarios.</summary>
internal static class Scenarios
{
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        .. NetworkScenarios.All,
        .. DhcpScenarios.All,
        .. PortScenarios.All,
        .. ElementScenarios.All,
        .. DriftScenarios.All,
        .. StartScenarios.All,
        .. PacketScenarios.All,
        .. DaemonScenarios.All,
    ];
}
