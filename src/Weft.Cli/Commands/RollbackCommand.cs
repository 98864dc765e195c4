using System.CommandLine;
using Weft.Cli.Completion;
using Weft.Cli.Rendering;
using Weft.Engine;
using Weft.Engine.Store;

namespace Weft.Cli.Commands;

/// <summary>weft rollback: takes an unconfirmed change back, or applies an earlier revision again.</summary>
internal static class RollbackCommand
{
    internal static Command Build(GlobalOptions global)
    {
        var revision = new Argument<long?>("revision")
        {
            Description = "Number from weft history; the file applied before the present one where none is named",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "revision",
            CustomParser = r => Arguments.Number<long>(r, "a revision"),
            CompletionSources = { Names.Revisions(global) },
        };
        var (yes, project, confirm) = (Arguments.Yes(), Arguments.Project(global), new ConfirmArguments());
        var command = new Command("rollback", "Take an unconfirmed change back, or apply an earlier revision again") { revision, yes, project };
        confirm.AddTo(command);
        return command.Does(global, c => TakenBack(c) ?? Run(c, c.Get(revision), c.Get(project), c.Get(yes), confirm));
    }

    private static int? TakenBack(VerbContext context)
    {
        using var engine = WeftEngine.ToAct(context.Engine, "rollback", takeBackPending: false);
        if (engine.Waiting is null) return null;
        var repair = engine.TakeBack("weft rollback");
        if (context.Screen.Json) return Json.Print(true, [], ExitCode.Ok, w => ProposalJson.Write(w, repair));
        context.Tell(repair);
        return ExitCode.Ok;
    }

    private static int Run(VerbContext context, long? id, string? project, bool yes, ConfirmArguments confirm)
    {
        RevisionRow target;
        using (var engine = WeftEngine.ToLook(context.Engine))
        {
            if (Target(engine.Store, id, project) is not { } found) return context.Fail(id is null ? "there is no earlier revision to go back to" : $"there is no revision {id} that was carried out: weft history lists them", null);
            target = found;
        }
        var (wait, probe) = confirm.Read(context);
        return new ChangeFlow(context, $"rollback {target.Id}", e => Propose(e, target)) { Yes = yes, Confirm = wait, Probe = probe, Source = target.Text }.Run();
    }

    private static Proposal Propose(WeftEngine engine, RevisionRow target) =>
        target.Text.Length == 0 ? engine.ProposeDestroy(target.Project) : engine.Propose(new SpecSource(target.File, target.Text), "rollback");

    private static RevisionRow? Target(WeftStore store, long? id, string? project)
    {
        if (id is { } wanted) return store.Revision(wanted) is { Result: "committed" } row ? row : null;
        var last = store.Revisions(project).FirstOrDefault(r => r.Result == "committed");
        return last is null ? null : store.Revisions(last.Project).Where(r => r.Result == "committed" && r.Text.Length > 0 && r.Text != last.Text).FirstOrDefault();
    }
}
