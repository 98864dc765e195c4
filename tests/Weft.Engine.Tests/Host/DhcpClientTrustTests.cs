using System.Diagnostics;
using Weft.Engine.Host;
using Weft.Engine.Host.Uplink;
using Xunit;

namespace Weft.Engine.Tests.Host;

/// <summary>Anybody may give a process a DHCP client's name; root starts none of theirs again.</summary>
public sealed class DhcpClientTrustTests
{
    private const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    [Theory]
    [InlineData("0", UnixFileMode.None, true)]
    [InlineData("65534", UnixFileMode.None, false)] // a user's process
    [InlineData("0", UnixFileMode.OtherWrite, false)] // a program that users may write
    public void A_client_is_the_hosts_own_or_none(string user, UnixFileMode more, bool genuine)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root starts processes of others");
        var folder = Directory.CreateTempSubdirectory("weft-client-");
        File.SetUnixFileMode(folder.FullName, All | UnixFileMode.UserWrite);
        var program = Path.Combine(folder.FullName, "dhclient");
        File.Copy("/bin/sleep", program);
        File.SetUnixFileMode(program, All | UnixFileMode.UserWrite | more);
        using var process = Process.Start("setpriv", ["--reuid", user, "--clear-groups", program, "600"]);
        try
        {
            HostProcess? found = null;
            Assert.True(SpinWait.SpinUntil(() => (found = ProcessScan.Find("dhclient").SingleOrDefault(p => p.Id == process.Id)) is not null, 60_000));
            Assert.Equal(genuine, DhcpClients.IsGenuine(found!));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            folder.Delete(true);
        }
    }
}
