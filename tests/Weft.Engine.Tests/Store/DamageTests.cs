using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Microsoft.Data.Sqlite;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Engine.Events;
using Weft.Engine.Store;
using Xunit;

namespace Weft.Engine.Tests.Store;

/// <summary>A damaged database is restored from its copy, and whoever opens it is told; of what neither holds, nothing is made up.</summary>
public sealed class DamageTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-damage-").FullName;
    private readonly List<string> _told = [];

    private EngineOptions Options => new(new EnginePaths(_folder, Path.Combine(_folder, "run"))) { Warn = _told.Add, User = "somebody" };
    private string Database => Options.Paths.Database;
    private string Copy => Path.Combine(_folder, "last-good.db");

    public void Dispose() => Directory.Delete(_folder, true);

    private static Change Change(string machine, byte n) => new("lab", "root", "apply", "lab.yaml", $"version: {n}", [], [],
        AllocationState.Empty, new AllocationState(n > 1 ? [] : [new("lab", "dev", "wb-dev", MacAddress.From([2, 0, 0, 0, 0, 1]), [IpPrefix.Parse("10.20.0.0/24")])],
            [new("lab", "dev", machine, 0, $"wt-{machine}", MacAddress.From([2, 0, 0, 0, 1, n]), [IPAddress.Parse($"10.20.0.{n}")], At, true)]));

    /// <summary>As many machines, each with a change and the copy after it.</summary>
    private void Fill(int machines = 60)
    {
        using var store = Rescue.Open(Options);
        for (var i = 1; i <= machines; i++) store.Commit(null, Change($"m{i}", (byte)i), "", At);
        store.Keep();
        Assert.Empty(_told);
    }

    private ImmutableArray<string> Machines(Func<EngineOptions, WeftStore>? open = null)
    {
        using var store = (open ?? (o => Rescue.Open(o)))(Options);
        return [.. store.Allocations().Ports.Select(p => p.Machine)];
    }

    private static void Overwrite(string file, Func<byte[], byte[]> damage) => File.WriteAllBytes(file, damage(File.ReadAllBytes(file)));

    private static byte[] Zeroed(byte[] b, int from, int length)
    {
        b.AsSpan(from, length).Clear();
        return b;
    }

    // Noise is the same each time.
    private static byte[] Noisy(byte[] b, int from, int length)
    {
        new Random(1).NextBytes(b.AsSpan(from, length));
        return b;
    }

    private const int Page = 4096; // of SQLite, unless told otherwise

    private void Damage(string file, string how)
    {
        switch (how)
        {
            case "cut short": Overwrite(file, b => b[..(b.Length / 2 / Page * Page)]); break;
            case "cut in a page": Overwrite(file, b => b[..(b.Length / 2 + 100)]); break;
            case "cut in the header": Overwrite(file, b => b[..50]); break;
            case "no header": Overwrite(file, b => Zeroed(b, 0, 100)); break;
            case "no first page": Overwrite(file, b => Zeroed(b, 0, Page)); break;
            case "noise in the middle": Overwrite(file, b => Noisy(b, b.Length / 2 / Page * Page, 2 * Page)); break;
            case "noise": Overwrite(file, b => Noisy(b, 0, b.Length)); break;
            case "empty": File.WriteAllBytes(file, []); break;
            case "gone": File.Delete(file); break;
            case "directory":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "an earlier schema": Sql("PRAGMA user_version=2"); break;
            case "an impossible schema": Sql("PRAGMA user_version=-7"); break;
            case "no JSON": Sql("UPDATE network SET json = 'x' || json"); break;
            case "an old backup": Sql("DELETE FROM revision WHERE id > 3"); break;
            default: throw new ArgumentException(how);
        }
    }

    private void Sql(string text)
    {
        using var db = new SqliteConnection($"Data Source={Database};Pooling=False");
        db.Open();
        using var command = db.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    public static TheoryData<string> Damages => ["cut short", "cut in a page", "cut in the header", "no header", "no first page", "noise in the middle", "noise", "empty", "gone", "directory",
        "an earlier schema", "an impossible schema", "no JSON", "an old backup"];

    [Theory, MemberData(nameof(Damages))]
    public void A_damaged_database_is_restored_and_said_to_be(string how)
    {
        Fill();
        var before = Machines();
        Damage(Database, how);
        Assert.Equal(before, Machines());
        var told = Assert.Single(_told);
        Assert.StartsWith($"WEFT4030: the database {Database}", told, StringComparison.Ordinal);
        Assert.Equal(before, Machines());
        Assert.Single(_told); // once
        if (how is not ("gone" or "empty")) Assert.Single(Directory.EnumerateFileSystemEntries(_folder, "damaged-*"));
    }

    [Theory, MemberData(nameof(Damages))]
    public void Who_only_looks_restores_it_too(string how)
    {
        Fill();
        Damage(Database, how);
        Assert.Equal(60, Machines(Rescue.ToRead).Length);
        Assert.StartsWith("WEFT4030: ", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal(60, Machines(Rescue.ToRead).Length);
        Assert.Single(_told);
    }

    [Fact]
    public void A_copy_that_is_made_later_has_all_changes_and_not_one_that_was_damaged_meanwhile()
    {
        Fill(2);
        using (var store = Rescue.Open(Options)) store.Commit(null, Change("m3", 3), "", At);
        Late();
        Assert.Empty(_told);
        using (var copy = WeftStore.OfCopy(Database)) Assert.Equal(3, copy.Allocations().Ports.Length);
        Damage(Database, "noise in the middle");
        var good = File.ReadAllBytes(Copy);
        Late();
        Assert.Contains(Database, Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal(good, File.ReadAllBytes(Copy));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder), f => f.EndsWith(".late", StringComparison.Ordinal));

        void Late()
        {
            using var late = new LateCopy(Options.Paths, _told.Add);
            late.Ask();
        }
    }

    [Fact]
    public async Task Who_has_the_lock_asks_for_a_copy_without_waiting_for_one_that_is_being_made()
    {
        Fill(2);
        using var late = new LateCopy(Options.Paths, _told.Add);
        using (Weft.Linux.Libc.FileLock.Try(Options.Paths.Lock))
        {
            using (var store = Rescue.Open(Options)) store.Commit(null, Change("m3", 3), "", At);
            late.Ask();
            var making = Task.Run(late.Dispose, TestContext.Current.CancellationToken); // waits for the lock
            while (!File.Exists($"{Copy}.late")) await Task.Yield();
            late.Ask();
            Assert.False(making.IsCompleted);
        }
        late.Dispose();
        using var copy = WeftStore.OfCopy(Database);
        Assert.Equal(3, copy.Allocations().Ports.Length);
    }

    [Fact]
    public void While_another_command_is_at_work_the_copy_is_looked_at()
    {
        Fill();
        Damage(Database, "noise");
        using var held = Weft.Linux.Libc.FileLock.Try(Options.Paths.Lock);
        Assert.Equal(60, Machines(Rescue.ToRead).Length);
        Assert.StartsWith("WEFT4032: ", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Both_emptied_are_damaged_and_not_new()
    {
        Fill();
        foreach (var file in Directory.EnumerateFiles(_folder).Where(f => f != Database && f != Copy)) File.Delete(file);
        Damage(Database, "empty");
        Damage(Copy, "empty");
        foreach (var open in new Func<EngineOptions, WeftStore>[] { o => Rescue.Open(o), Rescue.ToRead, o => Rescue.OpenUnlocked(o) })
            Assert.StartsWith("WEFT4031", Assert.Throws<DamagedException>(() => open(Options).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_copy_is_damaged_too_it_is_said_what_to_do_and_both_are_left_alone()
    {
        foreach (var how in new[] { "cut short", "no header", "noise in the middle", "noise", "empty", "directory", "gone" })
        {
            foreach (var file in Directory.EnumerateFiles(_folder)) File.Delete(file);
            if (Directory.Exists(Copy)) Directory.Delete(Copy);
            Fill();
            Damage(Database, "noise");
            Damage(Copy, how);
            var left = File.ReadAllBytes(Database);
            foreach (var open in new Func<EngineOptions, WeftStore>[] { o => Rescue.Open(o), Rescue.ToRead, o => Rescue.OpenUnlocked(o) })
            {
                var fault = Assert.Throws<DamagedException>(() => open(Options));
                Assert.StartsWith($"WEFT4031: the database {Database}: ", fault.Message, StringComparison.Ordinal);
                Assert.Contains(Copy, fault.Message, StringComparison.Ordinal);
                Assert.Contains("what is on the host stays as it is", fault.Message, StringComparison.Ordinal);
            }
            Assert.Equal(left, File.ReadAllBytes(Database));
            Assert.Empty(_told);
        }
    }

    [Fact]
    public void A_database_of_a_newer_version_is_not_taken_for_a_damaged_one()
    {
        Fill();
        Sql("PRAGMA user_version=999");
        var fault = Assert.Throws<IOException>(() => Rescue.Open(Options));
        Assert.Contains("newer weft", fault.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => Rescue.ToRead(Options));
        Assert.Empty(_told);
    }

    [Fact]
    public void A_log_of_changes_that_is_noise_loses_none_of_them()
    {
        Fill(3);
        using (var other = new SqliteConnection($"Data Source={Database};Pooling=False")) // keeps the log from being put into the database
        {
            other.Open();
            using var reading = other.CreateCommand();
            reading.CommandText = "SELECT count(*) FROM port";
            reading.ExecuteScalar();
            using (var store = Rescue.Open(Options))
            {
                store.Commit(null, Change("late", 4), "", At);
                store.Keep();
            }
            Assert.True(new FileInfo($"{Database}-wal").Length > 0);
            foreach (var name in new[] { "weft.db", "weft.db-wal" }) File.Copy(Path.Combine(_folder, name), Path.Combine(_folder, $"{name}.then"));
        }
        // As after a reset of the machine: the log is still there, and nobody has it open.
        File.Delete($"{Database}-shm");
        foreach (var name in new[] { "weft.db", "weft.db-wal" }) File.Move(Path.Combine(_folder, $"{name}.then"), Path.Combine(_folder, name), overwrite: true);
        Overwrite($"{Database}-wal", b => Noisy(b, 0, b.Length));
        Assert.Equal(["m1", "m2", "m3", "late"], Machines());
        Assert.Contains("lost its newest changes", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_byte_is_changed_the_store_opens_or_says_what_is_wrong()
    {
        Fill(20);
        var (good, file) = (File.ReadAllBytes(Database), Database);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[1, 64], Gen.Int).Sample((at, length, seed) =>
        {
            var bytes = (byte[])good.Clone();
            new Random(seed).NextBytes(bytes.AsSpan(at, Math.Min(length, bytes.Length - at)));
            File.WriteAllBytes(file, bytes);
            File.Delete($"{file}-wal");
            File.Delete($"{file}-shm");
            try
            {
                using var store = Rescue.Open(Options);
                _ = (store.Allocations(), store.Projects, store.Revisions(null), store.Open());
            }
            catch (Exception e) when (e is IOException or InvalidDataException) // text that is another text, or a schema of a newer weft
            {
            }
        }, iter: 80, threads: 1);
    }

    [Fact]
    public void Who_has_the_database_open_goes_on_with_the_restored_one()
    {
        Fill(5);
        using var open = Rescue.OpenUnlocked(Options);
        var version = open.DataVersion;
        Damage(Database, "noise in the middle");
        Rescue.Open(Options).Dispose();
        Assert.NotEqual(version, open.DataVersion);
        Assert.Equal(5, open.Allocations().Ports.Length);
        open.Commit(null, Change("more", 6), "", At);
        Assert.Equal(6, Machines().Length);
    }

    [Fact]
    public void Looking_and_restoring_leave_the_locks_that_keep_other_processes_from_the_log_of_changes()
    {
        Fill(5);
        using var open = Rescue.OpenUnlocked(Options);
        Assert.NotEmpty(open.Projects);
        AssertLocked();
        Assert.Equal(5, Machines(Rescue.ToRead).Length);
        Assert.True(Options.Paths.CanBeWritten);
        AssertLocked();
        Damage(Database, "noise in the middle");
        using (var again = Rescue.Open(Options)) Assert.Equal(5, again.Allocations().Ports.Length);
        Assert.NotEmpty(open.Projects);
        open.Commit(null, Change("more", 6), "", At);
        Assert.Single(_told);
    }

    // proc_locks(5)
    private void AssertLocked()
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%i", Database]) { RedirectStandardOutput = true })!;
        var inode = stat.StandardOutput.ReadToEnd().Trim();
        Assert.Contains(File.ReadLines("/proc/locks"), l => l.Contains("POSIX", StringComparison.Ordinal) && l.Contains($" {Environment.ProcessId} ", StringComparison.Ordinal) && l.Contains($":{inode} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_damaged_database_is_kept_also_those_of_one_second()
    {
        Fill(2);
        for (var n = 1; n <= 3; n++)
        {
            Damage(Database, "noise");
            Rescue.Open(Options with { Clock = new Stopped() }).Dispose();
            Assert.Equal(n, Directory.EnumerateFiles(_folder, "damaged-*.db").Count());
        }
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => At;
    }

    [Fact]
    public void Afterwards_the_history_tells_and_goes_on_with_numbers_that_nobody_knows()
    {
        Fill(5);
        Damage(Database, "noise");
        using var store = Rescue.Open(Options);
        var row = store.Revisions("lab")[0];
        Assert.Equal(("restore", "restored", "somebody", "version: 5"), (row.Verb, row.Result, row.User, row.Text));
        Assert.True(row.Id > 1000);
        var e = HistoryEvents.Of(row);
        Assert.Equal(EventKind.Error, e.What.Kind);
        Assert.StartsWith("restore by somebody: from the copy of ", e.What.Message, StringComparison.Ordinal);
        Assert.NotNull(store.RestoredFrom("lab"));
        store.Commit(null, Change("m6", 6) with { SameFile = true, Text = null, Verb = "port add" }, "", At);
        Assert.NotNull(store.RestoredFrom("lab"));
        store.Commit(null, Change("m7", 7), "", At);
        Assert.Null(store.RestoredFrom("lab"));
    }

    [Fact]
    public void A_change_that_was_open_when_the_copy_was_made_is_not_taken_back_later()
    {
        Fill(2);
        using (var store = Rescue.Open(Options))
        {
            var id = store.Begin(Change("m3", 3), At, "boot");
            store.Wait(id, At, 1); // process 1 is no guard
            store.Keep();
            store.Commit(id, Change("m3", 3), "", At); // and its copy could not be made
        }
        Damage(Database, "no header");
        using var later = Rescue.Open(Options);
        Assert.Null(later.Open());
    }

    [Fact]
    public void A_copy_that_was_killed_half_way_leaves_the_one_before()
    {
        Fill(3);
        var before = File.ReadAllBytes(Copy);
        File.WriteAllBytes($"{Copy}.new", before[..(before.Length / 2)]);
        Damage(Database, "noise");
        Assert.Equal(3, Machines().Length);
        using (var store = Rescue.Open(Options)) store.Keep();
        Assert.False(File.Exists($"{Copy}.new"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
    }

    [Fact]
    public void A_restoring_that_was_killed_half_way_is_done_again()
    {
        Fill(3);
        Damage(Database, "empty"); // as it is between emptying and filling
        Assert.Equal(3, Machines().Length);
        Damage(Database, "gone");
        Assert.Equal(3, Machines().Length);
    }
}
