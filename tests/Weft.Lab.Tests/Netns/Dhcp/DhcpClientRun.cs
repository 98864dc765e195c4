using Xunit;
using Weft.Tests;

namespace Weft.Lab.Tests.Netns.Dhcp;

/// <summary>DHCP clients in a machine's namespace; what they are given is printed by a script, nothing is set.</summary>
internal static class DhcpClientRun
{
    /// <summary>What busybox's udhcpc was given: its script's environment. Fails when nothing is offered.</summary>
    internal static IReadOnlyDictionary<string, string> Udhcpc(TestNamespace machine, params string[] more)
    {
        return WithScript(script => machine.Exec("busybox", ["udhcpc", "-f", "-n", "-q", "-R", "-t", "20", "-T", "1", "-i", "eth0", "-O", "mtu", "-O", "search", "-s", script, .. more]));
    }

    /// <summary>What dhclient was given over IPv6.</summary>
    internal static IReadOnlyDictionary<string, string> Dhclient6(TestNamespace machine, string folder)
    {
        Directory.CreateDirectory(folder);
        return WithScript(script => machine.Exec("dhclient", "-6", "-1", "-sf", script, "-lf", $"{folder}/leases", "-pf", $"{folder}/pid", "-cf", "/dev/null", "eth0"), $"{folder}/out");
    }

    private static Dictionary<string, string> WithScript(Func<string, string> run, string? output = null)
    {
        var file = Path.GetTempFileName();
        output ??= file + ".out";
        File.WriteAllText(file, $"#!/bin/sh\ncase \"$1$reason\" in bound|BOUND6|renew|RENEW6) env >{output};; esac\nexit 0\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var said = run(file);
        Assert.True(File.Exists(output), said);
        var values = File.ReadAllLines(output).Where(l => l.Contains('=', StringComparison.Ordinal)).DistinctBy(l => l.Split('=')[0]).ToDictionary(l => l.Split('=')[0], l => l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        File.Delete(file);
        File.Delete(output);
        return values;
    }
}
