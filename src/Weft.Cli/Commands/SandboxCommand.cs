using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Cli.Sandbox;
using Weft.Linux.NetNs;
using Weft.Linux.Processes;

namespace Weft.Cli.Commands;

/// <summary>weft sandbox: an isolated host to try things in.</summary>
internal static class SandboxCommand
{
    internal static Command Build(GlobalOptions global) => new("sandbox", "An isolated host to try things in: two uplinks, a LAN, a router, DHCP, DNS and a web server behind them")
    {
        Up(global), Down(global), Exec(global), List(global), Serve(),
    };

    private static Argument<string> Name() => new("NAME") { Description = "The sandbox, and its network namespace", DefaultValueFactory = _ => "sandbox", HelpName = "NAME", CompletionSources = { Names.Sandboxes } };

    private static Command Up(GlobalOptions global)
    {
        var name = Name();
        return new Command("up", "Make a sandbox; one that is there is kept") { name }.Does(global, c =>
        {
            var sandbox = Outside(c, name);
            var made = sandbox.Up();
            return SandboxView.Made(c.Screen, sandbox.Layout, made);
        });
    }

    private static Command Down(GlobalOptions global)
    {
        var name = Name();
        return new Command("down", "Remove a sandbox and everything that runs in it") { name }.Does(global, c =>
        {
            var sandbox = Outside(c, name);
            return SandboxView.Removed(c.Screen, sandbox.Layout.Name, sandbox.Down());
        });
    }

    private static Command List(GlobalOptions global) => new Command("list", "The sandboxes there are")
        .Does(global, c => SandboxView.List(c.Screen, [.. SandboxHost.Names.Select(n => new SandboxHost(n))]));

    private static Command Exec(GlobalOptions global)
    {
        var name = new Argument<string>("NAME") { Description = "The sandbox", HelpName = "NAME", CompletionSources = { Names.Sandboxes } };
        var words = new Argument<string[]>("COMMAND") { Description = "After --: a program and its arguments", Arity = ArgumentArity.OneOrMore };
        return new Command("exec", "Run a command in a sandbox, in the place of weft itself (sandbox exec sandbox -- ip address)") { name, words }.Does(global, c =>
        {
            var command = c.Get(words)!;
            return NetNamespace.Run<int>(c.Get(name)!, () => ProcessImage.Become(command[0], command.AsSpan(1)));
        });
    }

    private static Command Serve()
    {
        var command = new Command(WebServer.Verb, "The web server of the sandbox's world") { Hidden = true };
        command.SetAction(_ => WebServer.Serve());
        return command;
    }

    // Namespaces made inside another one would have no place in the folder that everybody looks in.
    private static SandboxHost Outside(VerbContext context, Argument<string> name) => context.NetNs is null
        ? new SandboxHost(context.Get(name)!)
        : throw new ArgumentException("weft sandbox makes network namespaces of its own: leave --netns out");
}
