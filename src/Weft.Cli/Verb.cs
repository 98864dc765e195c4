using System.CommandLine;
using Spectre.Console;
using Weft.Cli.Rendering;
using Weft.Linux.Netlink;

namespace Weft.Cli;

/// <summary>What every verb does around its own work: the screen, the namespace, the privileges, and faults as one clear line.</summary>
internal static class Verb
{
    /// <summary>Sets a verb's action to run in the chosen network namespace, on a thread of its own.</summary>
    internal static Command Does(this Command command, GlobalOptions options, Func<VerbContext, int> action, bool privileged = true)
    {
        command.SetAction(parsed => Run(new VerbContext(parsed, options), action, privileged));
        return command;
    }

    private static int Run(VerbContext context, Func<VerbContext, int> action, bool privileged)
    {
        try
        {
            if (privileged) Privileges.Demand();
            return context.InNamespace(() => action(context));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException or TimeoutException)
        {
            return context.Fail(e.Message, context.Screen.Verbose ? e.ToString() : null);
        }
    }
}
