using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Core.Spec.Daemon;
using Weft.Daemon.Security;
using Weft.Engine.Documents;

namespace Weft.Daemon;

/// <summary>weftd token: bearer tokens for who comes over the network.</summary>
internal static class TokenCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Whose it is" };

    internal static Command Build(Func<ParseResult, DaemonOptions> options)
    {
        TokenStore Store(ParseResult p) => new(TokenStore.PathIn(Folder(options(p))), TimeProvider.System);
        return new("token", "Make, list and remove bearer tokens; the running daemon knows them at once") { Add(Store), List(Store), Remove(Store) };
    }

    private static string Folder(DaemonOptions options)
    {
        options.Paths.Prepare();
        return options.Paths.State;
    }

    private static Command Add(Func<ParseResult, TokenStore> store)
    {
        var role = new Option<Role>("--role") { Description = "What it opens", HelpName = Roles, Required = true, CustomParser = ReadRole };
        var projects = new Option<string[]>("--project") { Description = "Only this project; may be repeated; all where none is named", HelpName = "PROJECT" };
        var expires = new Option<string>("--expires") { Description = "When it ends, from now: 12h, 90d", HelpName = "TIME", DefaultValueFactory = _ => "90d" };
        var command = new Command("add", "Make a token; it is printed once and kept nowhere") { Name, role, projects, expires };
        command.SetAction(p =>
        {
            if (!SpecText.TryDuration(p.GetValue(expires)!, out var seconds)) throw new ArgumentException($"--expires {p.GetValue(expires)}: a time is written 12h or 90d");
            var only = p.GetValue(projects) is { Length: > 0 } names ? names.ToImmutableArray() : (ImmutableArray<string>?)null;
            Console.Out.WriteLine(store(p).Add(p.GetValue(Name)!, p.GetValue(role), only, TimeSpan.FromSeconds(seconds)));
        });
        return command;
    }

    private static string Roles => string.Join('|', Enum.GetNames<Role>()).ToLowerInvariant();

    private static Role ReadRole(ArgumentResult given)
    {
        var word = given.Tokens[0].Value;
        if (Enum.GetNames<Role>().FirstOrDefault(n => n.Equals(word, StringComparison.OrdinalIgnoreCase)) is { } name) return Enum.Parse<Role>(name);
        given.AddError($"--role {word}: there is no such role; there are {Roles.Replace("|", ", ", StringComparison.Ordinal)}");
        return default;
    }

    private static Command List(Func<ParseResult, TokenStore> store)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("list", "Show the tokens there are, without what opens them") { json };
        command.SetAction(p => p.GetValue(json) ? Print(() => TokensDocument.Of(store(p))) : Print(store(p)));
        return command;
    }

    private static int Print(TokenStore store)
    {
        foreach (var t in store.All)
            Console.Out.WriteLine($"{t.Name}\t{t.Role.ToString().ToLowerInvariant()}\t{(t.Projects is { } only ? string.Join(',', only) : "all projects")}\t{(store.HasEnded(t) ? "ended" : "until")} {t.Expires:yyyy-MM-dd HH:mm} UTC");
        return 0;
    }

    // A fault is a document too.
    private static int Print(Func<Document> read)
    {
        Document document;
        try
        {
            document = read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            document = Document.Refused(new Diagnostic("WEFT0001", Severity.Error, e.Message, Location.None));
        }
        Console.Out.WriteLine(JsonSerializer.Serialize(document, TokensJson.Default.GetTypeInfo(document.GetType())!));
        return document.Ok ? 0 : 1;
    }

    private static Command Remove(Func<ParseResult, TokenStore> store)
    {
        var command = new Command("rm", "Remove a token; it opens nothing any more") { Name };
        command.SetAction(p => store(p).Remove(p.GetValue(Name)!));
        return command;
    }
}
