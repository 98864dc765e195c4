using System.Collections.Immutable;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine;
using Weft.Engine.Apply;
using Weft.Engine.Documents;
using Weft.Engine.Service;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Projects;

/// <summary>Ports that are wanted at the same time are made as one change, and each is told what is its own.</summary>
public sealed class TogetherTests
{
    private const string Project = """
        version: 1
        name: lab
        networks:
          dev: { mode: nat, subnets: [10.20.0.0/24, "fd00:20::/64"], dhcp: false, dns: false }
          small: { mode: nat, subnets: [10.30.0.0/29], dhcp: false, dns: false }
        machines:
          m1: dev

        """;

    private const string Other = "version: 1\nname: other\nnetworks: { side: { mode: nat, subnets: [10.40.0.0/24], dhcp: false, dns: false } }\n";

    private static readonly string[] Five = ["a", "b", "c", "d", "e"];

    [Fact]
    public void All_get_their_own_by_one_change_of_the_host()
    {
        using var lab = Lab();
        lab.Apply(Other);
        var counted = new Counting();
        var made = Made(lab, counted, [.. Five.Select(m => Add(m, "dev")), Add("f", "side")]);
        Assert.All(made, m => Assert.Equal("committed", m.Outcome));
        Assert.Equal(2, counted.Batches); // elements, taps
        Assert.Equal(6, made.Select(m => m.Revision).Distinct().Count());
        Assert.Equal([("lab", "port add", "a"), ("other", "port add", "f")], new[] { made[0], made[5] }.Select(m => Revision(lab, m)));
        var ports = lab.Allocations.Ports;
        Assert.Equal(7, ports.Length);
        Assert.Equal(7, ports.Select(p => p.Mac).Distinct().Count());
        Assert.Equal(ports.SelectMany(p => p.Addresses).Count(), ports.SelectMany(p => p.Addresses).Distinct().Count());
        Assert.Equal(made[0].Port!.Mac, ports.First(p => p.Machine == "a").Mac.ToString());
        Assert.True(lab.Plan(Project).IsEmpty);
        Assert.True(lab.Plan(Other).IsEmpty);
    }

    [Fact]
    public void Ports_that_come_and_ports_that_go_are_one_change_and_leave_what_was_there()
    {
        using var lab = Lab();
        var before = lab.Picture();
        Made(lab, null, [.. Five.Select(m => Add(m, "dev"))]);
        var counted = new Counting();
        Assert.All(Made(lab, counted, [.. Five.Select(Remove), Add("f", "dev"), Add("g", "dev")]), m => Assert.Equal("committed", m.Outcome));
        Assert.Equal(3, counted.Batches); // taps that go, elements, taps that come
        Assert.Equal(["f", "g", "m1"], lab.Allocations.Ports.Select(p => p.Machine).Order());
        Assert.All(Made(lab, null, [Remove("f"), Remove("g")]), m => Assert.Equal("committed", m.Outcome));
        lab.AssertIs(before, "all are gone");
    }

    [Fact]
    public void One_that_is_refused_is_told_so_and_keeps_no_other_from_its_port()
    {
        using var lab = Lab();
        var made = Made(lab, null, Add("a", "dev"), Add("b", "nowhere"), Remove("m1"), Add("c", "dev"), Add("-", "dev"), Add("d", "dev"), Add("d", "small"));
        Assert.Equal(["committed", "WEFT4003", "WEFT2011", "committed", "WEFT4021", "committed", "committed"], made.Select(m => m.Outcome ?? m.Diagnostics[0].Code));
        Assert.Equal(["a dev", "c dev", "d dev", "d small", "m1 dev"], lab.Allocations.Ports.Select(p => $"{p.Machine} {p.Network}").Order());
    }

    [Fact]
    public void What_is_left_is_given_to_the_first_and_what_one_gives_back_to_who_is_looked_at_again()
    {
        using var lab = Lab();
        var made = Made(lab, null, [.. Five.Select(m => Add(m, "small")), Add("f", "small")]); // six addresses, one of them the bridge's
        Assert.Equal(["committed", "committed", "committed", "committed", "committed", "WEFT2006"], made.Select(m => m.Outcome ?? m.Diagnostics[0].Code));
        made = Made(lab, null, Add("f", "small"), Remove("a"));
        Assert.All(made, m => Assert.Equal("committed", m.Outcome));
    }

    [Fact]
    public void Who_does_not_agree_keeps_no_other_from_its_port()
    {
        using var lab = Lab();
        PortChange[] changes = [Add("a", "dev"), Wanted(new AddPortRequest("b", "dev", null, null, []), new Client(_ => throw new InvalidOperationException("no business"))), Add("c", "dev")];
        Change(lab, null, changes);
        Assert.Equal("no business", Assert.IsType<InvalidOperationException>(changes[1].Done.Exception!.InnerException).Message);
        Assert.Equal(["a", "c", "m1"], lab.Allocations.Ports.Select(p => p.Machine).Order());
    }

    [Fact]
    public void What_fails_together_is_made_one_by_one()
    {
        using var lab = Lab();
        var made = Made(lab, new Refusing(), [.. Five.Select(m => Add(m, "dev"))]);
        Assert.Equal(Enumerable.Repeat("committed", 5), made.Select(m => m.Outcome));
        Assert.DoesNotContain(lab.Act(e => e.Store.Revisions("lab")), r => r.Result == "undone");
        Assert.True(lab.Plan(Project).IsEmpty);
    }

    [Fact]
    public void Killed_in_the_middle_all_of_them_are_taken_back_by_the_next_command()
    {
        using var lab = Lab();
        Made(lab, null, Add("x", "dev"), Add("y", "dev"));
        var (before, given) = (lab.Picture(), lab.Allocations);
        const string subject = "dev:+a,-x,+b,-y,+c";
        for (var k = 0; k < 100; k++)
        {
            if (FaultTests.TryKill(lab, k, "ports", subject) == 0)
            {
                Assert.True(k > 5 * 3, $"there were {k} steps");
                Assert.Equal(["a", "b", "c", "m1"], lab.Allocations.Ports.Select(p => p.Machine).Order());
                return;
            }
            var repair = lab.Act(e => e.Repaired);
            Assert.Equal(("lab", "port add, port rm"), (repair?.Project, repair?.Verb));
            Assert.Empty(repair!.Left);
            lab.AssertIs(before, $"step {k}");
            Assert.Equal(given, lab.Allocations);
            Assert.Equal(5, lab.Act(e => e.Store.Revisions("lab", 5)).Count(r => r.Result == "undone"));
        }
        Assert.Fail("it never came to its end");
    }

    private static EngineLab Lab()
    {
        var lab = new EngineLab();
        lab.Apply(Project);
        return lab;
    }

    private static (string, string, string) Revision(EngineLab lab, ChangeDocument document)
    {
        var row = lab.Act(e => e.Store.Revision(document.Revision!.Value))!;
        return (row.Project, row.Verb, row.User);
    }

    private static PortChange Add(string machine, string network) => Wanted(new AddPortRequest(machine, network, null, null, []), Client.Willing);

    private static PortChange Remove(string machine) => Wanted(new RemovePortRequest(machine, null, null), Client.Willing);

    // Everybody asks for a machine of the own name.
    private static PortChange Wanted(ChangeRequest request, IChangeClient client) => new(request, request is AddPortRequest add ? add.Machine : "root", client);

    private static ImmutableArray<ChangeDocument> Made(EngineLab lab, IApplyObserver? observer, params PortChange[] changes)
    {
        Change(lab, observer, changes);
        return [.. changes.Select(c => c.Done.GetAwaiter().GetResult())];
    }

    private static void Change(EngineLab lab, IApplyObserver? observer, PortChange[] changes)
    {
        NetNamespace.Run(lab.Host, () => new EngineHost(lab.Options(observer)).Change(changes));
        Assert.All(changes, c => Assert.True(c.Done.IsCompleted));
    }

    private sealed class Client(Func<Plan, Consent> planned) : IChangeClient
    {
        internal static Client Willing { get; } = new(_ => Consent.Yes);

        public bool AgreesBeforehand => true;

        public void Repaired(RepairDocument repair) { }

        public Consent Planned(Plan plan) => planned(plan);

        public bool Agrees() => true;
    }

    private sealed class Counting : IApplyObserver
    {
        internal int Batches { get; private set; }

        public bool StepByStep => false;

        public void Before(int first, int total, Step step) => Batches++;

        public void After(int done, int total) { }
    }

    /// <summary>Refuses what is more than one port's, once all of it was done.</summary>
    private sealed class Refusing : IApplyObserver
    {
        public bool StepByStep => false;

        public void Before(int first, int total, Step step) { }

        public void After(int done, int total)
        {
            if (done == total && total > 30) throw new IOException("refused");
        }
    }
}
