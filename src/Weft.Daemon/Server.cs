using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Core.Spec;
using Weft.Daemon.Endpoints;
using Weft.Daemon.Http;
using Weft.Daemon.Security;

namespace Weft.Daemon;

/// <summary>The web server, and what it serves.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int MostConnections = 4096;

    private readonly DaemonOptions _options;
    private readonly Hosts _hosts;
    private readonly Pace _pace;
    private readonly WebApplication _app;

    internal Server(DaemonOptions options)
    {
        _options = options;
        options.Paths.Prepare();
        if (Systemd.ListenDescriptor is null) UnixSocketFile.Clear(options.Socket);
        _hosts = new Hosts(options);
        _pace = new Pace(options.Spec.Rate);
        _app = Build();
    }

    /// <summary>Serves until it is asked to end; what is being done is ended first.</summary>
    internal async Task Run()
    {
        await _app.StartAsync();
        if (Systemd.ListenDescriptor is null) UnixSocketFile.Open(_options.Socket);
        Systemd.Ready();
        using var machines = new MachineService(_options);
        using var watchdog = Systemd.Watchdog(_hosts.Alive);
        await _app.WaitForShutdownAsync();
        Systemd.Stopping();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _hosts.Dispose();
        _pace.Dispose();
        if (Systemd.ListenDescriptor is null) File.Delete(_options.Socket);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Listen);
        var app = builder.Build();
        var audit = new AuditLog(AuditLog.PathIn(_options.Paths.State));
        var tokens = new TokenStore(TokenStore.PathIn(_options.Paths.State), TimeProvider.System);
        var gate = new Gate(_hosts, new Authenticator(_options.Spec, tokens, new Attempts(TimeProvider.System)), _pace, audit, TimeProvider.System);
        foreach (var e in Api.All(audit)) app.MapMethods(e.Path, [e.Method], http => gate.Enter(http, e));
        app.MapFallback(http => Gate.Refuse(http, Problem.Of(StatusCodes.Status404NotFound, $"there is no {http.Request.Path}: /v1/openapi.json lists what there is")));
        return app;
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = SpecReader.MaxBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        if (Systemd.ListenDescriptor is { } inherited) kestrel.ListenHandle(inherited, l => l.Use(Peer.Note));
        else kestrel.ListenUnixSocket(_options.Socket, l => l.Use(Peer.Note));
        if (_options.Spec.Tls is not { } files) return;
        var tls = new Tls(files).Options();
        foreach (var at in _options.Spec.Listen) kestrel.Listen(at, l => l.UseHttps(tls));
    }
}
