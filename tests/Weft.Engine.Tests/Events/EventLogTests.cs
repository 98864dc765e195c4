using CsCheck;
using Weft.Engine.Events;
using Xunit;

namespace Weft.Engine.Tests.Events;

public sealed class EventLogTests
{
    private static readonly CancellationToken s_patience = TestContext.Current.CancellationToken;

    private static EventLog Log(int events, int capacity = 512, string epoch = "e1")
    {
        var log = new EventLog(epoch, TimeProvider.System, capacity);
        for (var i = 1; i <= events; i++) log.Add(new(EventKind.Applied, $"{i}"));
        return log;
    }

    private static (List<long> Ids, long? Lost) All(EventLog log, EventCursor after)
    {
        var (ids, lost) = (new List<long>(), (long?)0);
        for (var first = true; log.Read(after) is var batch && (first || batch.Events.Length > 0); after = batch.Next, first = false)
        {
            if (first) lost = batch.Lost;
            else Assert.Equal(0, batch.Lost);
            foreach (var e in batch.Events.ToArray()) ids.Add(e.Cursor.Id);
        }
        return (ids, lost);
    }

    [Fact]
    public void A_reader_gets_what_is_kept_in_order_and_how_many_it_lost() => Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 3000]).Sample((events, known) =>
    {
        var (ids, lost) = All(Log(events), new("e1", known));
        if (known > events)
        {
            Assert.Null(lost); // no such event was ever there: the cursor is of another log
            return;
        }
        Assert.Equal(events - known, ids.Count + lost);
        Assert.True(ids.Count >= Math.Min(events - known, 512), "less is kept than was promised");
        Assert.Equal(Enumerable.Range(events - ids.Count + 1, ids.Count).Select(i => (long)i), ids);
    }, iter: 200);

    [Fact]
    public void A_cursor_of_another_epoch_reads_everything_and_is_told()
    {
        var (ids, lost) = All(Log(3, epoch: "e2"), new("e1", 2));
        Assert.Equal([1, 2, 3], ids);
        Assert.Null(lost);
    }

    [Fact]
    public void The_log_does_not_grow_beyond_its_bound()
    {
        var log = Log(100_000);
        Assert.InRange(log.Last.Id - log.First.Id, 512, 512 + 256);
    }

    [Fact]
    public async Task A_thousand_who_wait_get_every_event_and_share_it()
    {
        var log = Log(0, capacity: 20_000);
        const int events = 2000;
        var readers = Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            var (after, seen) = (log.First, new List<WeftEvent>());
            while (seen.Count < events)
            {
                await log.WaitAsync(after, s_patience);
                var batch = log.Read(after);
                seen.AddRange(batch.Events.ToArray());
                after = batch.Next;
            }
            return seen;
        })).ToList();
        for (var i = 0; i < events; i++)
        {
            log.Add(new(EventKind.PortAdded, $"{i}"));
            if (i % 100 == 0) await Task.Yield();
        }
        var all = await Task.WhenAll(readers);
        Assert.All(all, seen => Assert.Equal(Enumerable.Range(1, events).Select(i => (long)i), seen.Select(e => e.Cursor.Id)));
        Assert.All(all, seen => Assert.Same(all[0][7], seen[7]));
    }

    [Fact]
    public async Task Who_waits_can_be_stopped()
    {
        var log = Log(1);
        using var stop = new CancellationTokenSource();
        var waiting = log.WaitAsync(log.Last, stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Many_writers_lose_nothing()
    {
        var log = Log(0, capacity: 100_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++) log.Add(new(n % 2 == 0 ? EventKind.Error : EventKind.Lease, ""));
        }, s_patience)));
        Assert.Equal(8000, All(log, log.First).Ids.Count);
        Assert.Equal([(EventKind.Lease, 4000L), (EventKind.Error, 4000L)], log.Totals.Select(t => (t.Kind, t.Count)));
    }

    [Fact]
    public void A_cursor_reads_back_what_it_wrote() => Gen.Select(Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['0', '9']), 1, 32], Gen.Long[0, long.MaxValue]).Sample((epoch, id) =>
    {
        Assert.True(EventCursor.TryParse(new EventCursor(epoch, id).ToString(), out var read));
        Assert.Equal(new(epoch, id), read);
    });

    [Fact]
    public void Anything_else_is_no_cursor() => Gen.String.Sample(text =>
    {
        if (EventCursor.TryParse(text, out var cursor)) Assert.True(EventCursor.TryParse(cursor.ToString(), out var again) && again == cursor);
    });

    [Theory, InlineData(""), InlineData("-1"), InlineData("a-"), InlineData("a--1"), InlineData("a\n-1"), InlineData("a-1 "), InlineData("a-99999999999999999999"), InlineData("0123456789abcdef0123456789abcdef0-1")]
    public void These_are_no_cursors(string text) => Assert.False(EventCursor.TryParse(text, out _));

    [Fact]
    public void The_document_has_what_is_known_on_one_line_and_is_made_once()
    {
        var e = new EventLog("e1", new Stopped()).Add(new(EventKind.PortAdded, "tap \"wt\"\nup") { Project = "lab", Object = "app1" });
        Assert.Equal("""{"cursor":"e1-1","at":"1970-01-01T00:00:00+00:00","kind":"port-added","severity":"info","project":"lab","network":null,"object":"app1","user":null,"revision":null,"message":"tap \"wt\"\nup"}""", System.Text.Encoding.UTF8.GetString(e.Json.Span));
        Assert.True(e.Json.Equals(e.Json), "it is made anew for each who asks");
    }

    [Fact]
    public void A_kind_has_one_name_everywhere() => Assert.All(Enum.GetValues<EventKind>(), k =>
        Assert.Contains($"\"kind\":\"{EventNames.Of(k)}\"", System.Text.Encoding.UTF8.GetString(new WeftEvent(new("e1", 1), default, new(k, "")).Json.Span), StringComparison.Ordinal));

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
