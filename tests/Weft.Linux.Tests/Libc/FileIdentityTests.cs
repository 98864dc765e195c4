using System.Net.Sockets;
using Weft.Linux.Libc;
using Xunit;

namespace Weft.Linux.Tests.Libc;

/// <summary>Which file a path leads to, and whether it is a socket.</summary>
public sealed class FileIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-identity-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Another_file_in_its_place_is_another()
    {
        File.WriteAllText(In("a"), "");
        File.WriteAllText(In("b"), "");
        var first = FileIdentity.Of(In("a"));
        Assert.NotNull(first);
        Assert.Equal(first, FileIdentity.Of(In("a")));
        File.Move(In("b"), In("a"), overwrite: true);
        Assert.NotEqual(first, FileIdentity.Of(In("a")));
        Assert.Null(FileIdentity.Of(In("none")));
    }

    [Fact]
    public void Only_a_socket_is_a_socket()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(In("socket")));
        File.WriteAllText(In("file"), "");
        Assert.True(FileIdentity.IsSocket(In("socket")));
        Assert.False(FileIdentity.IsSocket(In("file")));
        Assert.False(FileIdentity.IsSocket(_folder));
        Assert.False(FileIdentity.IsSocket(In("none")));
    }

    private string In(string name) => Path.Combine(_folder, name);
}
