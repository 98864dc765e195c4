using System.CommandLine;
using Weft.Engine.Machines;

namespace Weft.Cli.Commands;

/// <summary>
/// weft libvirt-hook: what /etc/libvirt/hooks/qemu calls. libvirt would take what is printed for the domain's new XML: it prints nothing on standard output.
/// </summary>
internal static class LibvirtHookCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var domain = new Argument<string>("domain") { Description = "Name of the domain" };
        var operation = new Argument<string>("operation") { Description = "start, reconnect, release; others are passed over" };
        var rest = new Argument<string[]>("rest") { Description = "What libvirt says besides", Arity = ArgumentArity.ZeroOrMore };
        return new Command("libvirt-hook", "Give the NICs of a libvirt domain their ports, or take them back; the domain's XML is read from standard input") { domain, operation, rest }.Does(global, c =>
        {
            if (!LibvirtHook.Concerns(c.Get(operation)!)) return ExitCode.Ok;
            foreach (var line in new LibvirtHook(c.Engine).Run(c.Get(operation)!, Console.In.ReadToEnd())) Console.Error.WriteLine($"weft: {line}");
            return ExitCode.Ok;
        });
    }
}
