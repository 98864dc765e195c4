using System.Diagnostics;
using System.Net;
using Weft.Engine.Confirm;
using Xunit;

namespace Weft.Engine.Tests.Confirm;

public sealed class ProbeTargetTests
{
    [Theory]
    [InlineData("gateway", "the gateway")]
    [InlineData("tcp:192.0.2.1:22", "tcp 192.0.2.1:22")]
    [InlineData("tcp:[2001:db8::1]:443", "tcp [2001:db8::1]:443")]
    [InlineData("ping:192.0.2.1", "ping 192.0.2.1")]
    [InlineData("ping:2001:db8::1", "ping 2001:db8::1")]
    public void Targets_are_read(string text, string meaning) => Assert.Equal(meaning, ProbeTarget.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("router")]
    [InlineData("gateway:192.0.2.1")]
    [InlineData("tcp:192.0.2.1")]
    [InlineData("tcp:192.0.2.1:0")]
    [InlineData("tcp:192.0.2.1:65536")]
    [InlineData("tcp::22")]
    [InlineData("ping:")]
    public void What_is_no_target_is_said_to_be_none(string text) =>
        Assert.Contains($"probe '{text}'", Assert.Throws<ArgumentException>(() => ProbeTarget.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Names_are_looked_up() => Assert.True(IPAddress.IsLoopback(Assert.IsType<PingTarget>(ProbeTarget.Parse("ping:localhost")).Address));

    [Theory]
    [InlineData("192.0.2.7 50022 192.0.2.10 22", "192.0.2.7:50022")]
    [InlineData("2001:db8::7 50022 2001:db8::10 22", "[2001:db8::7]:50022")]
    [InlineData("192.0.2.7 50022 2001:db8::10 22", null)]
    [InlineData("192.0.2.7 50022 192.0.2.10", null)]
    [InlineData("a b c d", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_variable_of_sshd_is_read(string? text, string? remote) => Assert.Equal(remote, SshClient.Parse(text)?.Remote.ToString());

    [Fact]
    public void A_session_is_found_behind_a_process_that_cleared_the_environment()
    {
        using var shell = Process.Start(new ProcessStartInfo("env", ["SSH_CONNECTION=192.0.2.7 50022 192.0.2.10 22", "sh", "-c", "env -i sh -c \"echo \\$\\$; read x\"; :"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        var inner = int.Parse(shell.StandardOutput.ReadLine()!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.DoesNotContain("SSH_CONNECTION", File.ReadAllText($"/proc/{inner}/environ"), StringComparison.Ordinal);
        Assert.Equal(50022, SshClient.Find(inner)?.Remote.Port);
        shell.StandardInput.Close();
        shell.WaitForExit();
    }
}
