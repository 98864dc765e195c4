using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Engine.Drivers.Nft;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Netns.Policy;

/// <summary>Another version of the tables comes while traffic runs.</summary>
public sealed class ReplaceTests : IDisposable
{
    private const int Times = 20;
    private readonly PolicyLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Connections_of_both_directions_live_on()
    {
        _lab.Apply("""
            version: 1
            name: lab
            machines: { a: { network: dev, address: 10.50.0.10 } }
            networks: { dev: { mode: nat, default_port: allow, subnets: [10.50.0.0/24, "fd00:50::/64"], forwards: [ { listen: tcp/8080, to: "a:80" } ] } }
            """);
        var (inside, outside) = (_lab["a"].Serve(80), _lab.Outside.Serve(80));
        using var inward = _lab.Outside.Hold(PolicyLab.HostAddress, 8080)!;
        using var outward = _lab["a"].Hold(PolicyLab.World, 80)!;
        Replace(() =>
        {
            Assert.Equal(1_000_000, Traffic.Push(inward, inside, 1_000_000));
            Assert.Equal(1_000_000, Traffic.Push(outward, outside, 1_000_000));
        });
        Assert.Equal(PolicyLab.Router6, _lab.Outside.Tcp(PolicyLab.HostAddress6, 8080));
        Assert.Equal(PolicyLab.HostAddress6, _lab["a"].Tcp(PolicyLab.World6, 80));
    }

    [Fact]
    public void No_frame_passes_an_empty_table()
    {
        const string mac = "52:54:00:00:00:0a", victim = "52:54:00:00:00:0b";
        _lab.Apply($$"""
            version: 1
            name: lab
            machines:
              a: { network: dev, mac: "{{mac}}", address: 10.50.0.10 }
              b: { network: dev, mac: "{{victim}}", address: 10.50.0.11 }
            networks: { dev: { mode: nat, default_port: allow, subnets: [10.50.0.0/24] } }
            """, machines: false);
        using var sender = Tap("a");
        using var receiver = Tap("b");
        byte[] bad = Frames.Udp4(mac, victim, "10.50.0.66", "10.50.0.11", 1, 1), good = Frames.Udp4(mac, victim, "10.50.0.10", "10.50.0.11", 1, 1);
        var buffer = new byte[2000];
        Replace(() =>
        {
            for (var i = 0; i < 100; i++) sender.Write(bad);
            sender.Write(good);
            while (true)
            {
                var n = receiver.Read(buffer, Talk.PatientMs);
                Assert.True(n > 0, "the good frame did not arrive");
                Assert.False(buffer.AsSpan(0, n).SequenceEqual(bad), "a frame of a spoofed source arrived");
                if (buffer.AsSpan(0, n).SequenceEqual(good)) return;
            }
        });
    }

    // The traffic goes on until the tables have been changed to and fro so many times.
    private void Replace(Action traffic)
    {
        var tables = _lab.Resources.OfType<NftTableResource>().ToList();
        var before = Everything();
        var replaced = Task.Run(() => _lab.Host.Run(() =>
        {
            using var driver = new NftDriver();
            for (var i = 0; i < Times; i++)
                driver.Apply([.. tables.Select(t => i % 2 == 0 ? new Step(t, Other(t), "") : new Step(Other(t), t, ""))]);
        }), TestContext.Current.CancellationToken);
        do traffic();
        while (!replaced.IsCompleted);
        replaced.GetAwaiter().GetResult();
        Assert.Equal(before, Everything());
    }

    private List<Resource> Everything() => _lab.Host.Run(() =>
    {
        using var driver = new NftDriver();
        return driver.Read(ReadScope.All).OrderBy(r => r.Key.Name, StringComparer.Ordinal).ToList();
    });

    private static NftTableResource Other(NftTableResource t) => t with
    {
        Text = t.Text.TrimEnd()[..^1] + "\tchain another { drop; }\n}\n",
        Hash = "0123456789abcdef",
    };

    private TapDevice Tap(string machine)
    {
        var tap = _lab.Host.Run(() => TapDevice.Open(_lab.Port(machine).Tap));
        _lab.Join(tap.Name, "dev");
        return tap;
    }
}
