using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Weft.Core.Spec;
using Weft.Daemon.Endpoints;
using Weft.Daemon.Http;
using Weft.Daemon.Security;
using Weft.Daemon.Services;
using Weft.Engine.Events;
using Weft.Linux.NetNs;

namespace Weft.Daemon;

/// <summary>The web server, and what it serves.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int MostConnections = 4096;

    private readonly DaemonOptions _options;
    private readonly Hosts _hosts;
    private readonly Pace _pace;
    // No earlier log of this host had the same.
    private readonly EventLog _log = new(Guid.NewGuid().ToString("N")[..8], TimeProvider.System);
    private readonly HttpsConnectionAdapterOptions? _tls;
    private readonly WebApplication _app;

    internal Server(DaemonOptions options)
    {
        _options = options;
        NetNamespace.Run(options.NetNs, () => { }); // the threads that stay in it have nobody to tell that they cannot enter
        options.Paths.Prepare();
        if (Systemd.ListenDescriptor is null) UnixSocketFile.Clear(options.Socket);
        _hosts = new Hosts(options, _log);
        _pace = new Pace(options.Spec.Rate);
        _tls = options.Spec.Tls is { } files ? new Tls(files).Options() : null;
        _app = Build();
    }

    /// <summary>Serves until it is asked to end; what is being done is ended first.</summary>
    internal async Task Run()
    {
        await Start();
        if (Systemd.ListenDescriptor is null) UnixSocketFile.Open(_options.Socket);
        Systemd.Ready();
        using var journal = new JournalWriter(DaemonOptions.Itself, Console.Error);
        using var told = new CancellationTokenSource();
        var writing = journal.RunAsync(_log, _log.First, told.Token);
        await Serve();
        Systemd.Stopping();
        await told.CancelAsync();
        await writing;
    }

    // They are of the namespace that this process was started in.
    private IEnumerable<string> Network() => _options.Spec.Listen.Select(at => $"https://{at}{(_options.NetNs is null ? "" : $" (in the network namespace it was started in, not in {_options.NetNs})")}");

    // Kestrel names neither the socket nor, but for one that is in use, the address.
    private async Task Start()
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
        {
            var at = Systemd.ListenDescriptor is null && !File.Exists(_options.Socket) ? _options.Socket : string.Join(", ", _options.Spec.Listen);
            throw new IOException($"listen on {at}: {e.InnerException?.InnerException?.Message ?? e.Message}", e);
        }
    }

    private async Task Serve()
    {
        _log.Add(new Happening(EventKind.Daemon, $"weftd {Product.Version} serves on {string.Join(", ", [_options.Socket, .. Network()])}"));
        var history = new HistoryService(_options, _log); // before anything may write it
        await using var metrics = MetricsService.Start(_options, _hosts, _log);
        using (var threads = new ServiceThreads(_options.NetNs, _log))
        using (var machines = new MachineService(_options, threads, _log))
        using (var watchdog = Systemd.Watchdog(_hosts.Alive))
        {
            history.Start(threads);
            DriftService.Start(_options, threads, _log);
            await _app.WaitForShutdownAsync();
            threads.Stop();
        }
        _log.Add(new Happening(EventKind.Daemon, "weftd ends; the networks stay"));
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
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // what it writes, with its stack, is thrown too
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Listen);
        var app = builder.Build();
        var audit = new AuditLog(AuditLog.PathIn(_options.Paths.State), _log);
        var tokens = new TokenStore(TokenStore.PathIn(_options.Paths.State), TimeProvider.System);
        var gate = new Gate(_hosts, new Authenticator(_options.Spec, tokens, new Attempts(TimeProvider.System)), _pace, audit, TimeProvider.System);
        var events = new EventEndpoints(_log, app.Lifetime.ApplicationStopping);
        app.UseStatusCodePages(context => Gate.Refuse(context.HttpContext, Problem.OfRouting(context.HttpContext)));
        foreach (var e in Api.All(audit, events)) app.MapMethods(e.Path, e.Method == HttpMethods.Get ? [e.Method, HttpMethods.Head] : [e.Method], http => gate.Enter(http, e));
        return app;
    }

    private void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = SpecReader.MaxBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        if (Systemd.ListenDescriptor is { } inherited) kestrel.ListenHandle(inherited, l => l.Use(Peer.Note));
        else kestrel.ListenUnixSocket(_options.Socket, l => l.Use(Peer.Note));
        if (_tls is null) return;
        foreach (var at in _options.Spec.Listen) kestrel.Listen(at, l => l.UseHttps(_tls));
    }
}
