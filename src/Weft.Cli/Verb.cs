using System.CommandLine;
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

    /// <summary>Sets the action of a verb that a daemon can carry out: where there is one it needs no privileges and no namespace.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="options">The global options.</param>
    /// <param name="action">Its action.</param>
    /// <param name="privileged">Without a daemon it needs CAP_NET_ADMIN.</param>
    /// <param name="here">True where this process itself has to act, with a daemon or without.</param>
    internal static Command Asks(this Command command, GlobalOptions options, Func<VerbContext, int> action, bool privileged = true, Func<VerbContext, bool>? here = null)
    {
        command.SetAction(parsed => Run(new VerbContext(parsed, options), action, privileged, c => !(here?.Invoke(c) ?? false)));
        return command;
    }

    /// <summary>Leaves a command out of the help.</summary>
    internal static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }

    private static int Run(VerbContext context, Func<VerbContext, int> action, bool privileged, Func<VerbContext, bool>? elsewhere = null)
    {
        using (context)
        {
            try
            {
                if (elsewhere?.Invoke(context) == true && context.Daemon is not null) return action(context);
                context.ActAlone();
                if (privileged) Privileges.Demand();
                return context.InNamespace(() => action(context));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException or TimeoutException)
            {
                return Fail(context, e);
            }
        }
    }

    private static int Fail(VerbContext context, Exception e)
    {
        try
        {
            return context.Fail(FaultText.Of(e), context.Screen.Verbose ? e.ToString() : null);
        }
        catch (IOException) // the JSON document: standard output takes nothing more, perhaps that was the fault
        {
            Console.Error.WriteLine($"weft: {FaultText.Of(e)}");
            return ExitCode.Faults;
        }
    }
}
