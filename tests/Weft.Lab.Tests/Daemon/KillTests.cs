using System.Text.Json;
using Weft.Lab.Tests.Netns.Policy;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Daemon;

/// <summary>The daemon is killed while traffic flows: nothing of it is lost, and the next start repairs what was left half-done.</summary>
public sealed class KillTests : IDisposable
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          dev: { mode: nat, subnets: [10.20.0.0/24], dhcp: false, dns: false }
        machines:
          vm1: { network: dev, mac: "52:54:00:00:00:01", address: 10.20.0.11 }
          vm2: { network: dev, mac: "52:54:00:00:00:02", address: 10.20.0.12 }

        """;

    // Enough that a kill meets it in all its stages.
    private static readonly string Other = "version: 1\nname: other\nnetworks:\n" +
        string.Concat(Enumerable.Range(0, 30).Select(i => $"  n{i}: {{ mode: nat, subnets: [10.30.{i}.0/24], dhcp: false, dns: false }}\n")) +
        "machines:\n" + string.Concat(Enumerable.Range(0, 90).Select(i => $"  m{i}: n{i % 30}\n"));

    private readonly Place _first = new(), _second = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task No_packet_is_lost_when_the_daemon_is_killed_and_started_again()
    {
        using var lab = await Lab();
        using Counter bridged = new(_first.Run(() => Counter.To("10.20.0.12", 7)), _second.Run(() => Counter.At(7))), outward = Outward(lab);
        await Flowing(bridged, outward);
        for (var i = 0; i < 5; i++)
        {
            await lab.Kill();
            await lab.Up();
            await Flowing(bridged, outward);
        }
        Assert.Equal(0, await lab.Stop());
        await Flowing(bridged, outward);
        bridged.AssertNoneLost("on the bridge");
        outward.AssertNoneLost("to the world");
    }

    [Fact]
    public async Task A_connection_sends_nothing_again_when_the_daemon_is_killed_and_started_again()
    {
        using var lab = await Lab();
        using var listener = NetNamespace.Run(lab.Host.Lan, TcpFlow.Listen);
        using TcpFlow flow = new(_first, listener, "192.0.2.1");
        await Flowing(() => flow.Heard, 20_000);
        for (var i = 0; i < 5; i++)
        {
            await lab.Kill();
            await Flowing(() => flow.Heard, 20_000);
            await lab.Up();
            await Flowing(() => flow.Heard, 20_000);
        }
        flow.AssertNothingRetransmitted();
    }

    [Fact]
    public async Task An_apply_in_the_middle_of_which_it_is_killed_is_made_or_taken_back_and_no_packet_is_lost()
    {
        using var lab = await Lab();
        using Counter bridged = new(_first.Run(() => Counter.To("10.20.0.12", 7)), _second.Run(() => Counter.At(7))), outward = Outward(lab);
        await Flowing(bridged, outward);
        var random = new Random(7);
        for (var i = 0; i < 6; i++)
        {
            var apply = lab.Client.PostAsync("/v1/apply?file=other.yaml", new StringContent(Other));
            await Task.Delay(random.Next(5, 150)); // any moment
            await lab.Kill();
            await ((Task)apply).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await lab.Up();
            await lab.Get("/v1/diff"); // whoever comes first repairs
            var (there, history) = (await Bridges(lab), (await lab.Get("/v1/history?project=lab&limit=1")).GetProperty("revisions"));
            Assert.Equal("committed", history[0].GetProperty("result").GetString());
            Assert.True(there is 1 or 31, $"{there} bridges: half of the apply is there");
            if (there == 31) await lab.Delete("/v1/projects/other");
        }
        await Flowing(bridged, outward);
        bridged.AssertNoneLost("on the bridge");
        outward.AssertNoneLost("to the world");
        Assert.All((await lab.Get("/v1/diff")).GetProperty("projects").EnumerateArray(), p => Assert.Equal(0, p.GetProperty("changes").GetInt32()));
    }

    private async Task<DaemonLab> Lab()
    {
        var lab = await new DaemonLab().Up();
        await lab.Post("/v1/apply", Project);
        using var events = await EventReader.Listen(lab);
        Machine(lab, _first, 1);
        await events.Next("port-state", "is the port of vm1");
        Machine(lab, _second, 2);
        await events.Next("port-state", "is the port of vm2");
        Assert.True(SpinWait.SpinUntil(() => Reaches(_first, "10.20.0.12") && Reaches(_first, "192.0.2.1"), TimeSpan.FromMinutes(1)), "the machines do not reach each other");
        return lab;
    }

    // As a hypervisor's link: its own MAC begins with fe.
    private static void Machine(DaemonLab lab, Place place, int number)
    {
        place.Ip($"link add name eth0 address 52:54:00:00:00:0{number} type veth peer name vnet{number} netns {lab.Host.Host}");
        lab.Host.OnHost($"ip link set vnet{number} address fe:54:00:00:00:0{number} master wb-dev up");
        place.Ip($"address add 10.20.0.1{number}/24 dev eth0");
        place.Ip("link set eth0 up");
        place.Ip("route add default via 10.20.0.1");
    }

    private Counter Outward(DaemonLab lab) => new(_first.Run(() => Counter.To("192.0.2.1", 7)), NetNamespace.Run(lab.Host.Lan, () => Counter.At(7)));

    private static bool Reaches(Place from, string to)
    {
        try
        {
            return from.Exec($"ping -c 1 -W 1 {to}").Contains("1 received", StringComparison.Ordinal);
        }
        catch (InvalidOperationException) // ping says so by its exit code
        {
            return false;
        }
    }

    private static async Task Flowing(params Counter[] counters)
    {
        foreach (var c in counters) await Flowing(() => c.Heard, 200);
    }

    private static async Task Flowing(Func<long> heard, int more)
    {
        var before = heard();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (heard() < before + more) await Task.Delay(10, patience.Token); // their pace is the sender's
    }

    private static async Task<int> Bridges(DaemonLab lab) => (await lab.Get("/v1/networks")).GetProperty("networks").EnumerateArray().Count(n => n.GetProperty("state").GetString() == "up");
}
