using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Weft.Core.Diagnostics;

namespace Weft.Engine.Events;

/// <summary>
/// Writes events to the systemd journal by its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): one datagram each, with fields to search by
/// (journalctl WEFT_PROJECT=lab). Where no journal takes it, as a line to standard error with the priority in front (sd-daemon(3)).
/// </summary>
public sealed class JournalWriter : IDisposable
{
    /// <summary>Where the journal listens.</summary>
    public const string SocketPath = "/run/systemd/journal/socket";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _journal;
    private readonly TextWriter _fallback;
    private readonly string _identifier;

    /// <param name="identifier">SYSLOG_IDENTIFIER: weftd.</param>
    /// <param name="fallback">Where lines go when there is no journal.</param>
    /// <param name="journal">The journal's socket.</param>
    public JournalWriter(string identifier, TextWriter fallback, string journal = SocketPath) =>
        (_identifier, _fallback, _journal) = (identifier, fallback, new(journal));

    /// <summary>Writes the events of a log behind a place until it is stopped.</summary>
    public async Task RunAsync(EventLog log, EventCursor after, CancellationToken stop)
    {
        while (true)
        {
            var batch = log.Read(after);
            foreach (var e in MemoryMarshal.ToEnumerable(batch.Events)) Write(e);
            after = batch.Next;
            if (!batch.Events.IsEmpty) continue;
            if (stop.IsCancellationRequested) return; // what was told before is written
            await log.WaitAsync(after, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Writes one event.</summary>
    public void Write(WeftEvent e)
    {
        try
        {
            _socket.SendTo(Datagram(e), _journal);
        }
        catch (SocketException) // none listens, or it is longer than a datagram may be
        {
            _fallback.WriteLine(Line(e));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private byte[] Datagram(WeftEvent e)
    {
        var datagram = new MemoryStream();
        var what = e.What;
        foreach (var (name, value) in new[]
        {
            ("MESSAGE", what.Message), ("PRIORITY", Priority(what.Severity)), ("SYSLOG_IDENTIFIER", _identifier), ("WEFT_CURSOR", e.Cursor.ToString()), ("WEFT_KIND", EventNames.Of(what.Kind)),
            ("WEFT_PROJECT", what.Project), ("WEFT_NETWORK", what.Network), ("WEFT_OBJECT", what.Object), ("WEFT_USER", what.User), ("WEFT_REVISION", what.Revision?.ToString(CultureInfo.InvariantCulture)),
        })
            if (value is not null) Put(datagram, name, value);
        return datagram.ToArray();
    }

    // A value of several lines has its length before it; nobody who chooses a name can so begin a field of his own.
    private static void Put(MemoryStream datagram, string name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        datagram.Write(Encoding.ASCII.GetBytes(name));
        if (bytes.Contains((byte)'\n'))
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)bytes.Length);
            datagram.Write("\n"u8);
            datagram.Write(length);
        }
        else datagram.Write("="u8);
        datagram.Write(bytes);
        datagram.Write("\n"u8);
    }

    private static string Line(WeftEvent e) =>
        $"<{Priority(e.What.Severity)}>{string.Join(' ', new[] { EventNames.Of(e.What.Kind), e.What.Project, e.What.Network, e.What.Object }.Where(t => t is not null))}: {e.What.Message}".ReplaceLineEndings(" ");

    // syslog(3): LOG_ERR, LOG_WARNING, LOG_INFO.
    private static string Priority(Severity severity) => severity switch { Severity.Error => "3", Severity.Warning => "4", _ => "6" };
}
