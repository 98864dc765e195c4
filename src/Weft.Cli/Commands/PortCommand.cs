using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Core.Model;
using Weft.Engine.Documents;
using Weft.Engine.Service;

namespace Weft.Cli.Commands;

/// <summary>weft port: ports of machines that no file declares.</summary>
internal static class PortCommand
{
    internal static Command Build(GlobalOptions global) =>
        new("port", "Give a machine a port on a network, take it away, or show how to attach to it") { Add(global), Remove(global), Show(global) };

    private static Command Add(GlobalOptions global)
    {
        var network = new Argument<string>("network") { Description = "The network, as its file names it", HelpName = "network", CompletionSources = { Names.Networks(global) } };
        var name = new Option<string>("--name") { Description = "The machine; also its DNS name", Required = true, HelpName = "MACHINE" };
        var mac = new Option<string?>("--mac") { Description = "Its MAC; one of Weft's where none is named", HelpName = "MAC" };
        var address = new Option<string[]>("--address") { Description = "An address of the network's subnets; free ones where none is named", HelpName = "ADDRESS" };
        var project = Arguments.Project(global);
        return new Command("add", "Make a tap with its policy in place before it is up, and print how to attach a machine to it") { network, name, mac, address, project }.Asks(global, c =>
        {
            var request = new AddPortRequest(c.Get(name)!, c.Get(network)!, c.Get(project), Mac(c.Get(mac)), [.. (c.Get(address) ?? []).Select(Address)]);
            return new ChangeFlow(c) { Yes = true, Quiet = true, Done = made => PortHints.Print(c.Screen, made.Port!) }.Run(request);
        });
    }

    private static Command Remove(GlobalOptions global)
    {
        var machine = new Argument<string>("machine") { Description = "The machine", HelpName = "machine", CompletionSources = { Names.Machines(global) } };
        var network = new Option<string?>("--network") { Description = "The network, where the machine has ports on several", HelpName = "NETWORK", CompletionSources = { Names.Networks(global) } };
        var project = Arguments.Project(global);
        return new Command("rm", "Remove a machine's port; its addresses are free again") { machine, network, project }.Asks(global, c =>
            new ChangeFlow(c) { Yes = true, Quiet = true }.Run(new RemovePortRequest(c.Get(machine)!, c.Get(network), c.Get(project))));
    }

    private static Command Show(GlobalOptions global)
    {
        var machine = new Argument<string>("machine") { Description = "The machine", HelpName = "machine", CompletionSources = { Names.Machines(global) } };
        return new Command("show", "Print how to attach a machine to its ports") { machine }.Asks(global, c =>
        {
            var answer = c.Host.Ports(c.Get(machine)!);
            if (answer is not PortsDocument ports) return c.Fault(answer, null);
            if (c.Screen.Json) return Json.Print(ports, ExitCode.Ok);
            c.TellOpen(ports);
            foreach (var p in ports.Ports) PortHints.Print(c.Screen, p);
            return ExitCode.Ok;
        });
    }

    private static MacAddress? Mac(string? text) => text is null ? null
        : MacAddress.TryParse(text, out var mac) && !mac.IsMulticast ? mac : throw new ArgumentException($"--mac {text}: a MAC of a machine is written 52:54:00:12:34:56, its first byte even");

    private static IPAddress Address(string text) =>
        IpPrefix.TryParseAddress(text, out var a) ? a : throw new ArgumentException($"--address {text} is no IP address");
}
