using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;
using Weft.Engine;

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
        return new Command("add", "Make a tap with its policy in place before it is up, and print how to attach a machine to it") { network, name, mac, address, project }.Does(global, c =>
        {
            var machine = c.Get(name)!;
            CheckName(machine);
            var wanted = new PortSpec(c.Get(network)!) { Mac = Mac(c.Get(mac)), Addresses = [.. (c.Get(address) ?? []).Select(Address)] };
            return new ChangeFlow(c, $"port add {machine}", e => e.ProposePort(machine, wanted, c.Get(project)))
            {
                Yes = true,
                Quiet = true,
                Done = p => Print(c, Port(p, wanted.Network, machine), p),
                DoneJson = (w, p) =>
                {
                    var port = Port(p, wanted.Network, machine);
                    w.WriteStartObject("port");
                    PortHints.Write(w, port, Bridge(p, port), c.NetNs);
                    w.WriteEndObject();
                },
            }.Run();
        });
    }

    private static Command Remove(GlobalOptions global)
    {
        var machine = new Argument<string>("machine") { Description = "The machine", HelpName = "machine", CompletionSources = { Names.Machines(global) } };
        var network = new Option<string?>("--network") { Description = "The network, where the machine has ports on several", HelpName = "NETWORK", CompletionSources = { Names.Networks(global) } };
        var project = Arguments.Project(global);
        return new Command("rm", "Remove a machine's port; its addresses are free again") { machine, network, project }.Does(global, c =>
            new ChangeFlow(c, $"port rm {c.Get(machine)}", e => e.ProposePortRemoval(c.Get(machine)!, c.Get(network), c.Get(project))) { Yes = true, Quiet = true }.Run());
    }

    private static Command Show(GlobalOptions global)
    {
        var machine = new Argument<string>("machine") { Description = "The machine", HelpName = "machine", CompletionSources = { Names.Machines(global) } };
        return new Command("show", "Print how to attach a machine to its ports") { machine }.Does(global, c =>
        {
            using var engine = WeftEngine.ToLook(c.Engine);
            var given = engine.Store.Allocations();
            var ports = given.Ports.Where(p => p.Machine == c.Get(machine)).ToList();
            if (ports.Count == 0) return c.Fail($"machine {c.Get(machine)} has no port: weft show ports lists them", null);
            string BridgeOf(PortAllocation p) => given.Network(p.Project, p.Network)?.Bridge ?? "";
            if (c.Screen.Json)
                return Json.Print(true, [], ExitCode.Ok, w =>
                {
                    Json.Objects(w, "ports", ports, p => PortHints.Write(w, p, BridgeOf(p), c.NetNs));
                    ProposalJson.Write(w, engine.Store.Open());
                });
            c.TellOpen(engine);
            foreach (var p in ports) PortHints.Print(c.Screen, p, BridgeOf(p), c.NetNs);
            return ExitCode.Ok;
        });
    }

    private static void Print(VerbContext context, PortAllocation port, Proposal p) => PortHints.Print(context.Screen, port, Bridge(p, port), context.NetNs);

    private static PortAllocation Port(Proposal p, string network, string machine) =>
        p.Given.Ports.First(x => x.Network == network && x.Machine == machine && x.Project == p.Plan.Project);

    private static string Bridge(Proposal p, PortAllocation port) => p.Given.Network(port.Project, port.Network)!.Bridge;

    private static void CheckName(string machine)
    {
        if (!SpecText.IsLabel(machine)) throw new ArgumentException($"'{machine}' cannot be the name of a machine: it becomes a DNS name, of a-z, 0-9 and '-', at most 63 long");
    }

    private static MacAddress? Mac(string? text) => text is null ? null
        : MacAddress.TryParse(text, out var mac) && !mac.IsMulticast ? mac : throw new ArgumentException($"--mac {text}: a MAC of a machine is written 52:54:00:12:34:56, its first byte even");

    private static IPAddress Address(string text) =>
        IpPrefix.TryParseAddress(text, out var a) ? a : throw new ArgumentException($"--address {text} is no IP address");
}
