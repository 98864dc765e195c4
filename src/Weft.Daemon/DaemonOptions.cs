using Weft.Core.Spec.Daemon;
using Weft.Engine;
using Weft.Engine.Store;

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

    /// <summary>Who changes what nobody asked for: its services.</summary>
    internal const string Itself = "weftd";

    /// <summary>The folders.</summary>
    internal EnginePaths Paths { get; } = EnginePaths.Of(NetNs, StateDirectory);

    /// <summary>Makes the copy of the database after ports came and went.</summary>
    internal LateCopy Copy { get; } = new(EnginePaths.Of(NetNs, StateDirectory), Warn);

    /// <summary>Path of the unix socket.</summary>
    internal string Socket => OtherSocket ?? Paths.Socket;

    /// <summary>The program weft, which it starts as a guard: beside this one unless told otherwise.</summary>
    internal string Weft { get; init; } = Path.Combine(Path.GetDirectoryName(Environment.ProcessPath!)!, "weft");

    /// <summary>Another libvirt than the host's own; null for that, which only the host's own daemon speaks to.</summary>
    internal string? Libvirt { get; init; }

    /// <summary>A variable of OpenTelemetry: of the file where it names a collector, else of the environment.</summary>
    internal string? Variable(string name) => Spec.Otlp is not { } collector ? Environment.GetEnvironmentVariable(name) : name switch
    {
        "OTEL_EXPORTER_OTLP_ENDPOINT" => collector.Endpoint.AbsoluteUri,
        "OTEL_EXPORTER_OTLP_HEADERS" => collector.Headers,
        "OTEL_EXPORTER_OTLP_CERTIFICATE" => collector.Certificate,
        "OTEL_EXPORTER_OTLP_COMPRESSION" => collector.Gzip ? "gzip" : null,
        "OTEL_METRIC_EXPORT_INTERVAL" => collector.Interval is { } s ? (s * 1000L).ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        "OTEL_RESOURCE_ATTRIBUTES" or "OTEL_SERVICE_NAME" => Environment.GetEnvironmentVariable(name),
        _ => null,
    };

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
        Warn = Warn,
        Copy = Copy,
    };

    private static void Warn(string text) => Console.Error.WriteLine($"weftd: {text}");

    /// <summary>It is the daemon of the host itself: of its own network namespace and its usual state.</summary>
    internal bool IsHosts => NetNs is null && StateDirectory is null;

    private System.Collections.Immutable.ImmutableArray<string> Verb(string verb) =>
        [Weft, verb, .. NetNs is null ? [] : (string[])["--netns", NetNs], .. StateDirectory is null ? [] : (string[])["--state", StateDirectory]];
}
