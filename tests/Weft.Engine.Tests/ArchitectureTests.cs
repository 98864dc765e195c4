using NetArchTest.Rules;
using Xunit;

namespace Weft.Engine.Tests;

/// <summary>Who may know whom: Cli -> Engine -> Core, Linux; those two know nobody of ours, and Core does no I/O.</summary>
public sealed class ArchitectureTests
{
    private static readonly System.Reflection.Assembly Core = typeof(Core.Planning.Planner).Assembly, Linux = typeof(Linux.Route.RouteSocket).Assembly, Engine = typeof(WeftEngine).Assembly;

    [Fact]
    public void Core_knows_neither_Linux_nor_the_engine() => None(Core, "Weft.Linux", "Weft.Engine", "Weft.Cli");

    [Fact]
    public void Linux_knows_nothing_of_ours() => None(Linux, "Weft.Core", "Weft.Engine", "Weft.Cli");

    [Fact]
    public void The_engine_does_not_know_the_command_line() => None(Engine, "Weft.Cli", "Spectre.Console", "System.CommandLine");

    [Fact]
    public void Core_does_no_input_or_output() =>
        None(Core, "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.Diagnostics.Process", "System.Net.Sockets.Socket", "System.Console", "System.TimeProvider", "System.Random");

    [Fact]
    public void The_planner_knows_no_mode() =>
        Assert.Empty(Types.InAssembly(Core).That().HaveName("Planner", "Difference", "StepOrder", "LeftToKernel").Should().NotHaveDependencyOnAny("Weft.Core.Modes").GetResult().FailingTypeNames ?? []);

    [Fact]
    public void Drivers_know_no_mode() =>
        Assert.Empty(Types.InAssembly(Engine).That().ResideInNamespace("Weft.Engine.Drivers").Should().NotHaveDependencyOnAny("Weft.Core.Modes", "Weft.Core.Spec.NetworkSpec").GetResult().FailingTypeNames ?? []);

    private static void None(System.Reflection.Assembly assembly, params string[] forbidden) =>
        Assert.Empty(Types.InAssembly(assembly).Should().NotHaveDependencyOnAny(forbidden).GetResult().FailingTypeNames ?? []);
}
