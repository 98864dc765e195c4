using Weft.Engine;

namespace Weft.Daemon;

/// <summary>Where the daemon acts and listens.</summary>
/// <param name="NetNs">Name of the network namespace; null for the machine's own.</param>
/// <param name="StateDirectory">Another state directory; null for the usual one.</param>
/// <param name="Socket">Path of the unix socket.</param>
internal sealed record DaemonOptions(string? NetNs, string? StateDirectory, string Socket)
{
    /// <summary>The socket of the host's own daemon, where weft looks for it.</summary>
    internal const string UsualSocket = "/run/weft/weftd.sock";

    /// <summary>The folders.</summary>
    internal EnginePaths Paths { get; } = EnginePaths.Of(NetNs, StateDirectory);

    /// <summary>The program weft, which is beside this one: what it starts as a guard.</summary>
    internal static string Weft { get; } = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath!)!, "weft");
}
