using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weft.Engine.Confirm;
using Weft.Tests;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>A host with one uplink, and a router on the other end of the wire.</summary>
public sealed class ConnectivityProbeTests : IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromSeconds(20), _short = TimeSpan.FromMilliseconds(600);
    private readonly TestNamespace _host = new(), _router = new();

    public ConnectivityProbeTests()
    {
        _host.Ip("link", "add", "up0", "type", "veth", "peer", "name", "lan0", "netns", _router.Name);
        foreach (var (ns, link, last) in new[] { (_router, "lan0", 1), (_host, "up0", 10) })
        {
            ns.Ip("link", "set", link, "up");
            ns.Ip("address", "add", $"192.0.2.{last}/24", "dev", link);
            ns.Ip("-6", "address", "add", $"fe80::{last}/64", "dev", link, "nodad");
        }
        _host.Ip("route", "add", "default", "via", "192.0.2.1");
        _host.Ip("-6", "route", "add", "default", "via", "fe80::1", "dev", "up0");
    }

    public void Dispose()
    {
        _host.Dispose();
        _router.Dispose();
    }

    private ConnectivityProbe Make(params string[] targets) => _host.Run(() => new ConnectivityProbe(targets.Select(ProbeTarget.Parse)));

    private IReadOnlyList<ProbeResult> Run(ConnectivityProbe probe, TimeSpan deadline) => _host.Run(() => probe.Run(deadline));

    [Fact]
    public void Gateways_of_both_families_answer_also_when_their_routes_moved_to_a_bridge()
    {
        var probe = Make("gateway");
        Assert.Equal(["gateway 192.0.2.1", "gateway fe80::1"], Run(probe, _long).Select(r => r.Target.ToString()).Order());
        _host.Ip("link", "add", "br0", "type", "bridge");
        _host.Ip("link", "set", "br0", "up");
        _host.Ip("link", "set", "up0", "master", "br0");
        _host.Ip("address", "flush", "dev", "up0");
        _host.Ip("address", "add", "192.0.2.10/24", "dev", "br0");
        _host.Ip("-6", "address", "add", "fe80::10/64", "dev", "br0", "nodad");
        _host.Ip("route", "replace", "default", "via", "192.0.2.1");
        _host.Ip("-6", "route", "replace", "default", "via", "fe80::1", "dev", "br0");
        var results = Run(probe, _long);
        Assert.All(results, r => Assert.True(r.Good, r.ToString()));
        Assert.All(results, r => Assert.EndsWith("on br0", r.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void A_gateway_that_nothing_leads_to_any_more_or_that_is_silent_is_a_complaint()
    {
        var probe = Make("gateway");
        _router.Ip("address", "del", "192.0.2.1/24", "dev", "lan0");
        _host.Ip("-6", "route", "del", "default");
        var complaint = _host.Run(() => probe.Complaint(_short));
        Assert.Contains("gateway 192.0.2.1: no answer on up0", complaint, StringComparison.Ordinal);
        Assert.Contains("gateway fe80::1: no route and no address leads to it any more", complaint, StringComparison.Ordinal);
        Assert.EndsWith($" (asked for {_short.TotalSeconds:0.#} s)", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_default_route_there_is_no_gateway_to_ask()
    {
        _host.Ip("route", "del", "default");
        _host.Ip("-6", "route", "del", "default");
        Assert.Throws<ArgumentException>(() => Make("gateway"));
    }

    [Fact]
    public void Services_and_hosts_answer_or_say_why_not()
    {
        using var listener = _router.Run(() =>
        {
            var l = new TcpListener(IPAddress.Any, 8080);
            l.Start();
            return l;
        });
        _router.Exec("nft", "add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c tcp dport 8082 drop");
        var results = Run(Make("tcp:192.0.2.1:8080", "tcp:192.0.2.1:8081", "tcp:192.0.2.1:8082", "ping:192.0.2.1", "ping:192.0.2.77"), _short);
        Assert.Equal([true, false, false, true, false], results.Select(r => r.Good));
        Assert.Equal("Connection refused", results[1].Detail);
        Assert.Equal("no answer", results[2].Detail);
    }

    [Fact]
    public void What_comes_up_before_the_deadline_is_good()
    {
        var probe = Make("tcp:192.0.2.1:8080");
        var rounds = 0;
        TcpListener? late = null;
        var patient = _host.Run(() => new ConnectivityProbe([ProbeTarget.Parse("tcp:192.0.2.1:8080")])
        {
            Stir = () =>
            {
                if (++rounds == 2) late = _router.Run(() => { var l = new TcpListener(IPAddress.Any, 8080); l.Start(); return l; });
            },
        });
        Assert.False(Run(probe, TimeSpan.Zero)[0].Good);
        Assert.True(Run(patient, _long)[0].Good);
        late!.Dispose();
    }

    [Fact]
    public void The_time_is_kept_whatever_the_number_of_targets()
    {
        var clock = Stopwatch.StartNew();
        Run(Make([.. Enumerable.Range(20, 30).Select(i => $"ping:192.0.2.{i}"), .. Enumerable.Range(20, 30).Select(i => $"tcp:192.0.2.{i}:22")]), TimeSpan.FromSeconds(1));
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 30); // one after the other they would take a minute
    }

    [Fact]
    public void The_same_client_is_heard_while_its_wire_is_there()
    {
        using var listener = _host.Run(() =>
        {
            var l = new TcpListener(IPAddress.Any, 22);
            l.Start();
            return l;
        });
        using var client = _router.Run(() =>
        {
            var c = new TcpClient(AddressFamily.InterNetwork);
            c.Connect("192.0.2.10", 22);
            return c;
        });
        using var server = listener.AcceptTcpClient();
        var ssh = new SshTarget(new SshClient((IPEndPoint)server.Client.RemoteEndPoint!, (IPEndPoint)server.Client.LocalEndPoint!));
        var probe = new ConnectivityProbe([ssh]) { Stir = () => server.GetStream().Write("still there?\r"u8) };
        Assert.True(Run(probe, _long)[0].Good);
        _router.Exec("nft", "add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c drop");
        var cut = Run(probe, _short)[0];
        Assert.StartsWith("it does not acknowledge what is sent to it", cut.Detail, StringComparison.Ordinal);
        server.Client.Close(0);
        Assert.Equal("its connection is closed", Run(new ConnectivityProbe([ssh]), _short)[0].Detail);
    }

    [Fact]
    public void A_connection_on_which_nothing_is_sent_proves_nothing()
    {
        using var listener = _host.Run(() => { var l = new TcpListener(IPAddress.Any, 22); l.Start(); return l; });
        using var client = _router.Run(() => { var c = new TcpClient(AddressFamily.InterNetwork); c.Connect("192.0.2.10", 22); return c; });
        using var server = listener.AcceptTcpClient();
        var ssh = new SshTarget(new SshClient((IPEndPoint)server.Client.RemoteEndPoint!, (IPEndPoint)server.Client.LocalEndPoint!));
        Assert.Equal("nothing was heard of it since", Run(new ConnectivityProbe([ssh]), _short)[0].Detail);
    }
}
