using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Engine.Events;
using Xunit;

namespace Weft.Engine.Tests.Events;

/// <summary>Against a socket that reads datagrams as the journal does.</summary>
public sealed class JournalWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    private static WeftEvent Event(Happening what) => new(new("e1", 7), DateTimeOffset.UnixEpoch, what);

    [Fact]
    public void Every_field_arrives_as_it_was_and_no_value_makes_another_field() => Gen.Select(Gen.String, Gen.String).Sample((message, name) =>
    {
        var path = Path.Combine(_folder, "socket");
        File.Delete(path);
        using var journal = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journal.Bind(new UnixDomainSocketEndPoint(path));
        using var writer = new JournalWriter("weftd", TextWriter.Null, path);
        writer.Write(Event(new(EventKind.Drift, message) { Project = "lab", Object = name + "\nPRIORITY=0", Revision = 3 }));
        var buffer = new byte[65536];
        var fields = Fields(buffer.AsSpan(0, journal.Receive(buffer)));
        Assert.Equal(["MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "WEFT_CURSOR", "WEFT_KIND", "WEFT_PROJECT", "WEFT_OBJECT", "WEFT_REVISION"], fields.Select(f => f.Name));
        Assert.Equal([Valid(message), "4", "weftd", "e1-7", "drift", "lab", Valid(name) + "\nPRIORITY=0", "3"], fields.Select(f => f.Value));
    }, iter: 100, threads: 1);

    [Fact]
    public void Without_a_journal_it_is_one_line_with_its_priority()
    {
        using var lines = new StringWriter();
        using var writer = new JournalWriter("weftd", lines, Path.Combine(_folder, "nobody"));
        writer.Write(Event(new(EventKind.Error, "no\nroom") { Project = "lab", Network = "dev" }));
        Assert.Equal("<3>error lab dev: no room\n", lines.ToString());
    }

    [Fact]
    public void What_is_longer_than_a_datagram_is_not_lost()
    {
        var path = Path.Combine(_folder, "socket");
        using var journal = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journal.Bind(new UnixDomainSocketEndPoint(path));
        using var lines = new StringWriter();
        using var writer = new JournalWriter("weftd", lines, path);
        writer.Write(Event(new(EventKind.Applied, new string('x', 10_000_000))));
        Assert.StartsWith("<6>applied: xxx", lines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_follows_a_log_until_it_is_stopped()
    {
        using var lines = new StringWriter();
        var safe = TextWriter.Synchronized(lines); // which locks itself
        string Written() { lock (safe) return lines.ToString(); }
        using var writer = new JournalWriter("weftd", safe, Path.Combine(_folder, "nobody"));
        var log = new EventLog("e1", TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = writer.RunAsync(log, log.First, stop.Token);
        for (var i = 0; i < 1000; i++) log.Add(new(EventKind.Applied, $"{i}") { Severity = Severity.Warning });
        while (Written().Split('\n').Length <= 1000) await Task.Yield();
        await stop.CancelAsync();
        await running;
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"<4>applied: {i}"), Written().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static List<(string Name, string Value)> Fields(ReadOnlySpan<byte> datagram)
    {
        var fields = new List<(string, string)>();
        while (datagram.Length > 0)
        {
            var end = datagram.IndexOf((byte)'\n');
            var line = Encoding.UTF8.GetString(datagram[..end]);
            if (line.IndexOf('=') is >= 0 and var at) fields.Add((line[..at], line[(at + 1)..]));
            else
            {
                var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(datagram[(end + 1)..]);
                fields.Add((line, Encoding.UTF8.GetString(datagram.Slice(end + 9, length))));
                end += 9 + length;
                Assert.Equal((byte)'\n', datagram[end]);
            }
            datagram = datagram[(end + 1)..];
        }
        return fields;
    }
}
