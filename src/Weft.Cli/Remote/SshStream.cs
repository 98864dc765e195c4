using System.Diagnostics;
using System.Globalization;

namespace Weft.Cli.Remote;

/// <summary>A connection to a daemon's unix socket on another host: "weft dial" there, which ssh starts.</summary>
internal sealed class SshStream : Stream
{
    private const string Program = "ssh";
    private readonly Process _ssh;
    private readonly Stream _in, _out;

    /// <summary>Starts ssh, which may ask on the terminal for what it needs, and says there what is wrong.</summary>
    /// <param name="host">ssh://USER@HOST:PORT</param>
    /// <exception cref="IOException">There is no ssh.</exception>
    internal SshStream(Uri host)
    {
        var user = host.UserInfo.Length > 0 ? $"{host.UserInfo}@" : "";
        string[] port = host.Port > 0 ? ["-p", host.Port.ToString(CultureInfo.InvariantCulture)] : [];
        try
        {
            _ssh = Process.Start(new ProcessStartInfo(Program, ["-T", .. port, "--", user + host.Host, "weft", "dial"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
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

    public override int Read(byte[] buffer, int offset, int count) => _in.Read(buffer, offset, count);
    public override int Read(Span<byte> buffer) => _in.Read(buffer);
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _in.ReadAsync(buffer, cancellationToken);
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _in.ReadAsync(buffer, offset, count, cancellationToken);
    public override void Write(byte[] buffer, int offset, int count) => _out.Write(buffer, offset, count);
    public override void Write(ReadOnlySpan<byte> buffer) => _out.Write(buffer);
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _out.WriteAsync(buffer, cancellationToken);
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _out.WriteAsync(buffer, offset, count, cancellationToken);
    public override void Flush() => _out.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => _out.FlushAsync(cancellationToken);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

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
