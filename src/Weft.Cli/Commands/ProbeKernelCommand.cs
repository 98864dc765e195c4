using System.CommandLine;
using Weft.Engine.Host;

namespace Weft.Cli.Commands;

/// <summary>weft probe-kernel: finds out what the kernel can do, for a daemon that may not try it. Started by systemd before weftd.</summary>
internal static class ProbeKernelCommand
{
    internal static Command Build(GlobalOptions global) =>
        new Command("probe-kernel", "Find out what the kernel can do, and keep it until the next boot").Hide().Does(global, Run);

    private static int Run(VerbContext context)
    {
        HostReader.ProbeKernel(context.Engine.Paths.Machine);
        return ExitCode.Ok;
    }
}
