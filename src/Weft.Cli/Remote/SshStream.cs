using System.Diagnostics;
using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>A connection to a daemon's unix socket on another host: "weft dial" there, which ssh starts.</summary>
internal sealed class SshStream : Stream
{
    private const string Program = "ssh";
    private readonly Process _ssh;
    private readonly Stream _in, _out;
    private readonly string _target;
    private bool _heard;

    /// <summary>Starts ssh, which may ask on the terminal for what it needs, and says there what is wrong.</summary>
    /// <param name="host">ssh://USER@HOST:PORT</param>
    /// <exception cref="IOException">There is no ssh.</exception>
    internal SshStream(Uri host)
    {
        _target = (host.UserInfo.Length > 0 ? $"{host.UserInfo}@" : "") + host.Host;
        string[] port = host.Port > 0 ? ["-p", host.Port.ToString(CultureInfo.InvariantCulture)] : [];
        try
        {
            _ssh = Process.Start(new ProcessStartInfo(Program, ["-T", .. port, "--", _target, "weft", "dial"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"start {Program}: {e.Message}; install openssh-client", e);
        }
        (_in, _out) = (_ssh.StandardOutput.BaseStream, _ssh.StandardInput.BaseStream);
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override int Read(Span<byte> buffer) => Heard(_in.Read(buffer), buffer.Length);
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Heard(await _in.ReadAsync(buffer, cancellationToken), buffer.Length);
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _out.Write(buffer);
        }
        catch (IOException) when (!_heard) // it had ended before it was written to
        {
            throw Ended();
        }
    }
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _out.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException) when (!_heard)
        {
            throw Ended();
        }
    }
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override void Flush() => _out.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => _out.FlushAsync(cancellationToken);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    // What is wrong ssh says itself, and so does weft dial.
    private int Heard(int bytes, int wanted)
    {
        if (bytes == 0 && wanted > 0 && !_heard) throw Ended();
        _heard |= bytes > 0;
        return bytes;
    }

    private IOException Ended() => new($"ssh to {_target} ended before weftd answered: see what it said; 'ssh {_target} weft dial' must reach the socket there");

    /// <summary>Ends the connection; ssh ends with its input.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _out.Dispose();
            _in.Dispose();
            _ssh.Dispose();
        }
        base.Dispose(disposing);
    }
}
