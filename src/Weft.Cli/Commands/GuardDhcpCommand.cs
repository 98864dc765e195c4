using System.CommandLine;
using System.Runtime.InteropServices;
using Weft.Engine.Dhcp;
using Weft.Linux.Libc;
using Weft.Linux.Processes;

namespace Weft.Cli.Commands;

/// <summary>weft guard-dhcp: starts dnsmasq again when it ended. Started by weft itself, or by systemd.</summary>
internal static class GuardDhcpCommand
{
    internal static Command Build(GlobalOptions global) =>
        new Command("guard-dhcp", "Watch over the DHCP and DNS server (started by weft itself)").Hide().Does(global, Run);

    private static int Run(VerbContext context)
    {
        LeaveSession();
        SessionScope.Leave();
        using var stop = new CancellationTokenSource();
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, s => s.Cancel = true);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s =>
        {
            s.Cancel = true;
            stop.Cancel();
        });
        DhcpGuard.Run(DhcpPaths.Of(context.Engine), context.NetNs, () => Console.Out.WriteLine(DhcpGuard.Ready), s => Console.Error.WriteLine($"weft: {s}"), stop.Token);
        return ExitCode.Ok;
    }

    // A service of systemd's leads a session already, as does what a shell starts.
    private static void LeaveSession()
    {
        try
        {
            ProcessImage.NewSession();
        }
        catch (LinuxException e) when (e.Errno == Errno.EPERM)
        {
            return;
        }
    }
}
