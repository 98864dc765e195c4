using System.Collections.Immutable;
using Weft.Engine.Apply;
using Weft.Engine.Store;

namespace Weft.Engine;

/// <summary>Where and for whom the engine acts.</summary>
/// <param name="Paths">Its folders.</param>
public sealed record EngineOptions(EnginePaths Paths)
{
    /// <summary>Name of the network namespace; null for the machine's own. The calling thread must be in it already.</summary>
    public string? NetNs { get; init; }
    /// <summary>Root of the files of the host's own network configuration.</summary>
    public string Root { get; init; } = "/";
    /// <summary>Who asks; kept in the history.</summary>
    public string User { get; init; } = "root";
    /// <summary>Time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    /// <summary>Program and arguments of the process that takes an unconfirmed change back.</summary>
    public ImmutableArray<string> Guard { get; init; } = [];
    /// <summary>Absolute path of the program that makes the host as applied when the machine starts; null where nothing comes back by itself (another namespace, another state directory).</summary>
    public string? AtBoot { get; init; }
    /// <summary>Told what went wrong beside a change that is good.</summary>
    public Action<string> Warn { get; init; } = _ => { };
    /// <summary>Program and arguments of the process that starts dnsmasq again when it ended; empty for none.</summary>
    public ImmutableArray<string> DhcpGuard { get; init; } = [];
    /// <summary>Watches changes being made; null for nobody.</summary>
    public IApplyObserver? Observer { get; init; }
    /// <summary>A signal that asks the program to end takes a change in the middle back; false lets the change end first.</summary>
    public bool Interruptible { get; init; } = true;
    /// <summary>Called before each round of questions of a probe: with an SSH client among its targets, something must be sent to that.</summary>
    public Action Stir { get; init; } = () => { };
    /// <summary>Told, once, when another command has to be waited for: who that is.</summary>
    public Action<string> Waiting { get; init; } = _ => { };
    /// <summary>Keeps what is opened to act for the next command; null closes it.</summary>
    public EngineKeeper? Keeper { get; init; }
    /// <summary>Makes the copy of the database a little after ports came or went; null makes it at once.</summary>
    public LateCopy? Copy { get; init; }
}
