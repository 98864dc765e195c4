using System.Collections.Immutable;
using System.Net;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Engine.Host.Uplink;
using Weft.Engine.Store;
using Xunit;

namespace Weft.Engine.Tests.Store;

/// <summary>What is remembered, and that it is all or nothing.</summary>
public sealed class WeftStoreTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-store-").FullName;

    private string File => Path.Combine(_folder, "weft.db");

    public void Dispose() => Directory.Delete(_folder, true);

    private static NetworkAllocation Network(string project = "lab", string name = "dev", string bridge = "wb-dev") =>
        new(project, name, bridge, MacAddress.From([2, 0, 0, 0, 0, 1]), [IpPrefix.Parse("10.20.0.0/24")]) { Mode = "nat", Uplinks = ["eth0"] };

    private static PortAllocation Port(string machine, byte n, string? tap = null) =>
        new("lab", "dev", machine, 0, tap ?? $"wt-{machine}", MacAddress.From([2, 0, 0, 0, 1, n]), [IPAddress.Parse($"10.20.0.{n}"), IPAddress.Parse($"fd00:20::{n:x}")], At, true);

    private static Change Change(AllocationState given, AllocationState? released = null, string? text = "version: 1") =>
        new("lab", "root", "apply", "lab.yaml", text, ["nfttable inet weft"], [new Step(null, new FdbResource("lab", "dev", "eth0", MacAddress.From([2, 0, 0, 0, 9, 9]), null), "test")],
            released ?? AllocationState.Empty, given);

    [Fact]
    public void A_commit_writes_allocations_project_and_revision_and_closes_the_journal()
    {
        var given = new AllocationState([Network()], [Port("web1", 7), Port("web2", 8)]);
        using (var store = new WeftStore(File))
        {
            var id = store.Begin(Change(given), At, "boot");
            Assert.Equal(JournalState.Acting, store.Open()!.State);
            Assert.Empty(store.Allocations().Ports);
            store.Commit(id, Change(given), "2 added", At);
        }
        using var again = new WeftStore(File);
        Assert.Equal(given, again.Allocations());
        var project = again.Project("lab")!;
        Assert.Equal(("lab", 1L, "lab.yaml", "version: 1"), (project.Name, project.Revision, project.File, project.Text));
        Assert.Equal(["nfttable inet weft"], project.Shared.AsEnumerable());
        Assert.Equal(["committed"], again.Revisions("lab").Select(r => r.Result));
        Assert.Null(again.Open());
    }

    [Fact]
    public void What_a_large_journal_took_of_the_file_is_given_back()
    {
        var change = Change(new AllocationState([Network()], [Port("web1", 7)]));
        var large = change with { Steps = [.. Enumerable.Range(0, 20_000).Select(i => new Step(null, new FdbResource("lab", "dev", "eth0", MacAddress.From([2, 0, 0, 0, (byte)(i >> 8), (byte)i]), null), "test"))] };
        using (var store = new WeftStore(File))
        {
            var id = store.Begin(large, At, "boot");
            store.Commit(id, large, "added", At);
        }
        Assert.InRange(new FileInfo(File).Length, 1, 1 << 20);
        using var again = new WeftStore(File);
        Assert.Equal("web1", Assert.Single(again.Allocations().Ports).Machine);
    }

    [Fact]
    public void The_journal_gives_back_what_was_written()
    {
        using var store = new WeftStore(File);
        var change = Change(new AllocationState([Network()], [Port("web1", 7)]));
        var id = store.Begin(change, At, "boot-1");
        store.Wait(id, At.AddSeconds(60), 4711);
        var row = store.Open()!;
        Assert.Equal((id, JournalState.Pending, At.AddSeconds(60), "boot-1", 4711), (row.Id, row.State, row.Deadline!.Value, row.Boot, row.Guard!.Value));
        Assert.Equal(change.Steps.AsEnumerable(), row.Change.Steps);
        Assert.Equal(change.Given, row.Change.Given);
    }

    [Fact]
    public void An_undone_change_is_kept_in_the_history_and_gives_nothing_out()
    {
        using var store = new WeftStore(File);
        var change = Change(new AllocationState([Network()], [Port("web1", 7)]));
        store.Undone(store.Begin(change, At, "boot"), change, "refused", At);
        Assert.Equal(("undone", "refused"), store.Revisions(null).Select(r => (r.Result, r.Summary)).Single());
        Assert.Null(store.Open());
        Assert.Null(store.Project("lab"));
        Assert.Empty(store.Allocations().Networks);
    }

    [Theory]
    [InlineData(7, "wt-other")]
    [InlineData(9, "wt-web1")]
    public void The_same_MAC_address_or_tap_is_never_given_twice_and_nothing_of_that_change_is_written(byte n, string tap)
    {
        using var store = new WeftStore(File);
        var first = new AllocationState([Network()], [Port("web1", 7)]);
        store.Commit(null, Change(first), "", At);
        var twice = Change(new AllocationState([], [Port("web3", 11), Port("web2", n, tap)]), text: "other");
        var fault = Assert.Throws<IOException>(() => store.Commit(null, twice, "", At));
        Assert.Contains("UNIQUE constraint failed", fault.Message, StringComparison.Ordinal);
        Assert.Equal(first, store.Allocations());
        Assert.Equal("version: 1", store.Project("lab")!.Text);
    }

    [Fact]
    public void Released_allocations_are_free_at_once_within_the_same_change()
    {
        using var store = new WeftStore(File);
        var first = new AllocationState([Network()], [Port("web1", 7)]);
        store.Commit(null, Change(first), "", At);
        var second = new AllocationState([], [Port("web2", 7, "wt-web1")]);
        store.Commit(null, Change(second, new AllocationState([], first.Ports)), "", At);
        Assert.Equal(["web2"], store.Allocations().Ports.Select(p => p.Machine));
    }

    [Fact]
    public void Destroy_forgets_the_project_and_keeps_its_history()
    {
        using var store = new WeftStore(File);
        store.Commit(null, Change(new AllocationState([Network()], [])), "", At);
        store.Commit(null, Change(AllocationState.Empty, new AllocationState([Network()], []), text: null), "", At);
        Assert.Null(store.Project("lab"));
        Assert.Equal(2, store.Revisions("lab").Count);
        Assert.Empty(store.Allocations().Networks);
    }

    private static Change SamePorts(params PortAllocation[] given) => Change(new AllocationState([], [.. given]), text: null) with { Verb = "port add", SameFile = true };

    [Fact]
    public void A_change_that_leaves_the_file_as_it_was_keeps_it_for_the_project_and_for_the_history()
    {
        using var store = new WeftStore(File);
        store.Commit(null, Change(new AllocationState([Network()], [])) with { Sketch = "sketch" }, "", At);
        var id = store.Begin(SamePorts(Port("web1", 7)), At, "boot");
        store.Commit(id, store.Open()!.Change, "", At);
        store.Commit(null, SamePorts(Port("web2", 8)) with { Shared = ["nfttable bridge weft"] }, "", At);
        store.Undone(store.Begin(SamePorts(Port("web3", 9)), At, "boot"), SamePorts(Port("web3", 9)), "refused", At);
        var (project, sketch) = (store.Project("lab")!, store.Sketch("lab")!);
        Assert.Equal((3L, "lab.yaml", "version: 1", "sketch"), (project.Revision, project.File, project.Text, sketch.Text));
        Assert.Equal(["nfttable bridge weft"], project.Shared.AsEnumerable());
        Assert.Equal(["version: 1", "version: 1", "version: 1", "version: 1"], store.Revisions("lab").Select(r => r.Text));
        Assert.Equal(("port add", "version: 1"), (store.Revision(2)!.Verb, store.Revision(2)!.Text));
        Assert.Equal(["port add web3 on dev", "port add web2 on dev", "port add web1 on dev", "apply lab.yaml"], store.Revisions(null).Select(r => Weft.Engine.Documents.RevisionDocument.Of(r).Subject));
        Assert.Equal(["web1", "web2"], store.Allocations().Ports.Select(p => p.Machine));
    }

    [Fact]
    public void The_file_of_another_revision_is_not_mixed_up_with_that_of_the_ports_before_it()
    {
        using var store = new WeftStore(File);
        store.Commit(null, Change(new AllocationState([Network()], [])), "", At);
        store.Commit(null, SamePorts(Port("web1", 7)), "", At);
        store.Commit(null, Change(AllocationState.Empty, text: "version: 1 # again"), "", At);
        store.Commit(null, SamePorts(Port("web2", 8)), "", At);
        Assert.Equal(["version: 1 # again", "version: 1 # again", "version: 1", "version: 1"], store.Revisions("lab").Select(r => r.Text));
    }

    [Fact]
    public void Without_a_sketch_the_file_stands_for_it_and_a_new_file_ends_an_old_sketch()
    {
        using var store = new WeftStore(File);
        store.Commit(null, Change(new AllocationState([Network()], [])) with { Sketch = "sketch" }, "", At);
        store.Commit(null, Change(AllocationState.Empty, text: "version: 1 # short"), "", At);
        Assert.Equal("version: 1 # short", store.Sketch("lab")!.Text);
        Assert.Null(store.Sketch("nope"));
    }

    [Fact]
    public void Ports_are_found_by_network_by_machine_by_tap_and_by_MAC()
    {
        using var store = new WeftStore(File);
        var (ours, theirs) = (Port("web1", 7), Port("web1", 8, "wt-x") with { Project = "other" });
        store.Commit(null, Change(new AllocationState([Network(), Network("other", "dev", "wb-x")], [ours, theirs, Port("web2", 9)])), "", At);
        Assert.Equal(["web1", "web2"], store.PortsOn(Network()).Select(p => p.Machine));
        Assert.Equal([ours, theirs], store.PortsOf("web1"));
        Assert.Empty(store.PortsOf("web"));
        Assert.Equal((true, false), (store.HasTap("wt-x"), store.HasTap("wt-y")));
        Assert.Equal((true, true, false), (store.HasMac("02:00:00:00:01:08"), store.HasMac("02:00:00:00:01:09"), store.HasMac("02:00:00:00:01:0a")));
    }

    [Fact]
    public void Of_other_projects_the_shared_resources_are_told()
    {
        using var store = new WeftStore(File);
        store.Commit(null, Change(AllocationState.Empty), "", At);
        store.Commit(null, Change(AllocationState.Empty) with { Project = "other", Shared = ["a", "b"] }, "", At);
        store.Commit(null, Change(AllocationState.Empty) with { Project = "third", Shared = ["b"] }, "", At);
        Assert.Equal(["a", "b"], store.SharedBesides("lab").Order());
        Assert.Equal(["lab", "other", "third"], store.ProjectNames);
    }

    [Fact]
    public void A_database_of_the_first_version_is_taken_over_with_all_that_it_holds()
    {
        var given = new AllocationState([Network()], [Port("web1", 7)]);
        using (var store = new WeftStore(File)) store.Commit(null, Change(given), "", At);
        OnDatabase("ALTER TABLE project DROP COLUMN sketch; ALTER TABLE revision DROP COLUMN same; DROP TABLE seed; DROP INDEX port_link; DROP TABLE restored; ALTER TABLE revision DROP COLUMN network; ALTER TABLE revision DROP COLUMN machine; PRAGMA user_version=1");
        using var later = new WeftStore(File);
        Assert.Equal(given, later.Allocations());
        Assert.Equal("version: 1", later.Sketch("lab")!.Text);
        later.Commit(null, SamePorts(Port("web2", 8)), "", At);
        Assert.Equal(["version: 1", "version: 1"], later.Revisions("lab").Select(r => r.Text));
    }

    [Fact]
    public void Settings_of_own_bridges_that_an_earlier_version_kept_are_forgotten_and_those_to_be_put_back_are_not()
    {
        new WeftStore(File).Dispose();
        OnDatabase("INSERT INTO sysctl VALUES ('net/ipv6/conf/wb-dev/accept_ra', 'lab', 'dev', '0', NULL), ('net/ipv4/conf/eth0/forwarding', '*', '', '1', '0'); DROP INDEX port_link; DROP TABLE restored; ALTER TABLE revision DROP COLUMN network; ALTER TABLE revision DROP COLUMN machine; PRAGMA user_version=3");
        using var later = new WeftStore(File);
        Assert.Equal([new SysctlEntry("net/ipv4/conf/eth0/forwarding", "*", "", "1", "0")], ((ISysctlStore)later).All());
    }

    private void OnDatabase(string sql)
    {
        using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={File};Pooling=False");
        db.Open();
        using var command = db.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public void Only_the_owner_can_read_the_database()
    {
        using var store = new WeftStore(File);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void A_file_that_is_no_database_is_told_by_name_and_left_alone()
    {
        System.IO.File.WriteAllText(File, "this is no database, and long enough to be sure of it".PadRight(4096, '.'));
        var fault = Assert.Throws<DamagedException>(() => new WeftStore(File));
        Assert.Contains(File, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("this is no database", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused()
    {
        new WeftStore(File).Dispose();
        OnDatabase("PRAGMA user_version=999");
        Assert.Contains("newer", Assert.Throws<IOException>(() => new WeftStore(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drivers_find_what_they_kept()
    {
        using var store = new WeftStore(File);
        ISysctlStore sysctls = store;
        sysctls.Put([new("net/ipv4/ip_forward", "*", "", "1", "0"), new("net/ipv4/conf/eth0/forwarding", "*", "", "1", "0")]);
        sysctls.Put([new("net/ipv4/ip_forward", "*", "", "2", "0")]);
        sysctls.Remove(["net/ipv4/conf/eth0/forwarding"]);
        Assert.Equal([new SysctlEntry("net/ipv4/ip_forward", "*", "", "2", "0")], sysctls.All());
        IUplinkStore uplinks = store;
        uplinks.Save("eth1", "{}");
        Assert.Equal(("{}", 1), (uplinks.Load("eth1"), uplinks.Nics.Count));
        uplinks.Delete("eth1");
        Assert.Null(uplinks.Load("eth1"));
    }
}
