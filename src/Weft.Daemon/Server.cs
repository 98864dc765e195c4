using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Weft.Core.Spec;
using Weft.Daemon.Endpoints;
using Weft.Daemon.Http;
using Weft.Linux.Libc;

namespace Weft.Daemon;

/// <summary>The web server, and what it serves.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int MostConnections = 4096;

    private readonly DaemonOptions _options;
    private readonly Hosts _hosts;
    private readonly WebApplication _app;

    internal Server(DaemonOptions options)
    {
        _options = options;
        options.Paths.Prepare();
        UnixSocketFile.Clear(options.Socket);
        _hosts = new Hosts(options);
        _app = Build();
    }

    /// <summary>Serves until it is asked to end; what is being done is ended first.</summary>
    internal async Task Run(CancellationToken stop)
    {
        await _app.StartAsync(stop);
        UnixSocketFile.Open(_options.Socket);
        Systemd.Ready();
        using var watchdog = Systemd.Watchdog(_hosts.Alive);
        await _app.WaitForShutdownAsync(stop);
        Systemd.Stopping();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _hosts.Dispose();
        File.Delete(_options.Socket);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(Listen);
        var app = builder.Build();
        var gate = new Gate(_hosts);
        foreach (var e in Api.All) app.MapMethods(e.Path, [e.Method], http => gate.Enter(http, e));
        app.MapFallback(http => Gate.Refuse(http, Problem.Of(StatusCodes.Status404NotFound, $"there is no {http.Request.Path}: /v1/openapi.json lists what there is")));
        return app;
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = SpecReader.MaxBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.ListenUnixSocket(_options.Socket);
    }
}
