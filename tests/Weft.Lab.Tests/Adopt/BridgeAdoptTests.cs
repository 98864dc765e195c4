using System.Net;
using Weft.Engine;
using Weft.Engine.Adopt;
using Weft.Engine.Apply;
using Weft.Lab.Tests.Netns;
using Weft.Lab.Tests.Projects;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Lab.Tests.Adopt;

/// <summary>A bridge that somebody made by hand is taken over and given back while traffic passes.</summary>
public sealed class BridgeAdoptTests(ITestOutputHelper output)
{
    private static readonly IPAddress Outside = IPAddress.Parse("203.0.113.1"), Own = IPAddress.Parse("203.0.113.2");

    // An address, a link to the LAN, and place for machines.
    private static void MakeBridge(EngineLab lab, bool uplink)
    {
        lab.OnHost("ip link add br0 type bridge");
        lab.OnHost("ip link set br0 up");
        lab.OnHost($"ip address add {Own}/24 dev br0");
        lab.OnHost($"ip link add up0 type veth peer name down0 netns {lab.Lan}");
        lab.OnHost("ip link set up0 up");
        lab.OnLan($"ip address add {Outside}/24 dev down0");
        lab.OnLan("ip link set down0 up");
        if (uplink) lab.OnHost("ip link set up0 master br0");
    }

    private static string Links(EngineLab lab) => string.Join('\n', lab.OnHost("ip -o link show master br0").Split('\n').Select(l => string.Join(' ', l.Split(' ').Take(2))).Append(lab.OnHost("cat /sys/class/net/br0/ifindex /sys/class/net/br0/address")));

    private static Ended Weft(EngineLab lab, params string[] arguments) => WeftProgram.Run(["--netns", lab.Host, "--state", lab.State, .. arguments]);

    [Fact]
    public void Nothing_is_taken_over_when_the_projects_file_cannot_be_written()
    {
        using var lab = new EngineLab();
        MakeBridge(lab, uplink: false);
        var before = lab.Picture();
        var file = Path.Combine(lab.State, "no", "br0.yaml");
        var refused = Weft(lab, "adopt", "bridge", "br0", "--yes", "--output", file);
        Assert.Equal((1, "", $"weft: write {file}: no such directory {Path.GetDirectoryName(file)}\n"), (refused.ExitCode, refused.Output, refused.Errors));
        lab.AssertIs(before, "an adoption whose file could not be written");
    }

    [Fact]
    public void A_bridge_with_an_uplink_changes_hands_and_nothing_is_lost()
    {
        using var lab = new EngineLab();
        MakeBridge(lab, uplink: true);
        using var one = new VethGuest(lab, "br0", "203.0.113.11/24");
        using var two = new VethGuest(lab, "br0", "203.0.113.12/24");
        using var stream = new EchoStream(lab.Lan, one.Space, Outside, TimeSpan.FromMilliseconds(1));
        using var inside = new PingStream(one.Space, two.Address);
        using var outside = new PingStream(two.Space, Outside);
        using var host = new PingStream(lab.Lan, Own);
        var (links, before) = (Links(lab), lab.Picture());

        var dry = Weft(lab, "adopt", "bridge", "br0", "--uplink", "up0", "--dry-run");
        Assert.True(dry.ExitCode == 2, dry.Output + dry.Errors);
        Assert.Contains("taken over", dry.Output, StringComparison.Ordinal);
        lab.AssertIs(before, "a dry run");

        var done = Weft(lab, "adopt", "bridge", "br0", "--uplink", "up0", "--yes", "--output", Path.Combine(lab.State, "br0.yaml"));
        Assert.True(done.ExitCode == 0, done.Output + done.Errors);
        Assert.Equal(links, Links(lab));
        Assert.Contains("alias weft:br0:br0", lab.OnHost("ip link show br0"), StringComparison.Ordinal);
        Assert.Equal(0, Weft(lab, "plan", Path.Combine(lab.State, "br0.yaml")).ExitCode);
        Assert.Equal(0, Weft(lab, "diff").ExitCode);

        var gone = Weft(lab, "destroy", "br0", "--yes");
        Assert.True(gone.ExitCode == 0, gone.Output + gone.Errors);
        Assert.Equal(links, Links(lab));
        stream.ThrowIfBroken();
        foreach (var ping in (PingStream[])[inside, outside, host]) output.WriteLine(ping.AssertNoneLost());
        output.WriteLine($"TCP: {stream.Finish()} bytes echoed, longest pause {stream.LongestPause.TotalMilliseconds:f1} ms");
        lab.AssertIs(before, "given back");
    }

    [Theory]
    [InlineData("up0")]
    [InlineData("")]
    public void What_is_refused_or_killed_at_any_step_leaves_the_bridge_as_it_was(string uplink)
    {
        using var lab = new EngineLab();
        MakeBridge(lab, uplink.Length > 0);
        using var guest = new VethGuest(lab, "br0", "203.0.113.11/24");
        lab.OnHost($"ping -q -c 1 {guest.Address}"); // what comes with traffic is there
        var before = lab.Picture();
        var steps = lab.Act(e => Propose(e, uplink)).Plan.Steps.Length;
        for (var k = 0; k <= steps; k++)
        {
            var outcome = lab.Act(e => e.Apply(Propose(e, uplink)), new FaultTests.Refusing(k));
            Assert.Equal(OutcomeKind.Undone, outcome.Kind);
            Assert.Empty(outcome.Left);
            lab.AssertIs(before, $"refused at {k}");
            FaultTests.Kill(lab, k, "adopt", $"bridge:br0:{uplink}");
            Assert.Empty(lab.Act(e => e.Repaired)!.Left);
            lab.AssertIs(before, $"killed at {k}");
        }
        Assert.Equal(OutcomeKind.Committed, lab.Act(e => e.Apply(Propose(e, uplink))).Kind);
        lab.Destroy("taken");
        lab.AssertIs(before, "given back");
    }

    [Fact]
    public void A_bridge_that_its_owner_makes_again_at_the_start_of_the_machine_is_taken_over_again()
    {
        using var lab = new EngineLab();
        MakeBridge(lab, uplink: true);
        Assert.Equal(OutcomeKind.Committed, lab.Act(e => e.Apply(Propose(e, "up0"))).Kind);
        foreach (var command in (string[])["ip link delete br0", "ip link add br0 type bridge", "ip link set br0 up", $"ip address add {Own}/24 dev br0", "ip link set up0 master br0"]) lab.OnHost(command);
        var file = lab.Act(e => e.Store.Project("taken"))!;
        Assert.Equal(OutcomeKind.Committed, lab.Act(e => e.Apply(e.Propose(new SpecSource(file.File, file.Text)))).Kind);
        Assert.Contains("alias weft:taken:br0", lab.OnHost("ip link show br0"), StringComparison.Ordinal);
        Assert.True(lab.Act(e => e.Propose(new SpecSource(file.File, file.Text))).IsEmpty);
    }

    [Fact]
    public void What_cannot_be_taken_over_is_said()
    {
        using var lab = new EngineLab();
        MakeBridge(lab, uplink: true);
        Assert.Contains("there is no bridge of that name", Weft(lab, "adopt", "bridge", "br9", "--yes").Errors, StringComparison.Ordinal);
        Assert.Contains("eth0 is no port of it; it has up0", Weft(lab, "adopt", "bridge", "br0", "--uplink", "eth0", "--yes").Errors, StringComparison.Ordinal);
        Assert.Equal(0, Weft(lab, "adopt", "bridge", "br0", "--uplink", "up0", "--yes", "--json").ExitCode);
        foreach (var name in (string[])["br0", "other"])
        {
            var again = Weft(lab, "adopt", "bridge", "br0", "--uplink", "up0", "--yes", "--name", name).Errors;
            Assert.Contains("WEFT4012", again, StringComparison.Ordinal);
            Assert.DoesNotContain("--name", again, StringComparison.Ordinal);
        }
        lab.OnHost("ip link add br1 type bridge");
        Assert.Contains("WEFT4010", Weft(lab, "adopt", "bridge", "br1", "--yes", "--name", "br0").Errors, StringComparison.Ordinal);
    }

    private static Proposal Propose(WeftEngine engine, string uplink)
    {
        var source = AdoptionSource.OfBridge("taken", "br0", uplink.Length > 0 ? uplink : null);
        return engine.ProposeAdoption(new SpecSource("taken.yaml", source.Imported.Yaml()), source.Libvirt, []);
    }
}
