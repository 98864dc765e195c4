using Weft.Core.Spec.Daemon;
using Weft.Engine;

namespace Weft.Daemon;

/// <summary>Where the daemon acts and listens.</summary>
/// <param name="NetNs">Name of the network namespace; null for the machine's own.</param>
/// <param name="StateDirectory">Another state directory; null for the usual one.</param>
/// <param name="OtherSocket">Path of the unix socket; null for the one where weft looks for it.</param>
/// <param name="Spec">What its file says.</param>
internal sealed record DaemonOptions(string? NetNs, string? StateDirectory, string? OtherSocket, DaemonSpec Spec)
{
    /// <summary>The daemon's file, which need not be there.</summary>
    internal const string UsualFile = "/etc/weft/weftd.yaml";

    /// <summary>The folders.</summary>
    internal EnginePaths Paths { get; } = EnginePaths.Of(NetNs, StateDirectory);

    /// <summary>Path of the unix socket.</summary>
    internal string Socket => OtherSocket ?? Paths.Socket;

    /// <summary>The program weft, which it starts as a guard: beside this one unless told otherwise.</summary>
    internal string Weft { get; init; } = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath!)!, "weft");

    /// <summary>How the engine acts for somebody.</summary>
    /// <param name="user">Who asks; kept in the history.</param>
    internal EngineOptions Engine(string user) => new(Paths)
    {
        NetNs = NetNs,
        User = user,
        Guard = Verb("guard"),
        DhcpGuard = Verb("guard-dhcp"),
        AtBoot = IsHosts ? Weft : null,
        Interruptible = false,
        Warn = text => Console.Error.WriteLine($"weftd: {text}"),
    };

    /// <summary>It is the daemon of the host itself: of its own network namespace and its usual state.</summary>
    internal bool IsHosts => NetNs is null && StateDirectory is null;

    private System.Collections.Immutable.ImmutableArray<string> Verb(string verb) =>
        [Weft, verb, .. NetNs is null ? [] : (string[])["--netns", NetNs], .. StateDirectory is null ? [] : (string[])["--state", StateDirectory]];
}
