using System.CommandLine;
using Weft.Manual;

namespace Weft.Cli.Commands;

/// <summary>weft manual: writes the manual pages, for packages.</summary>
internal static class ManualCommand
{
    private const string More = """
        # EXIT STATUS

        0
        : Done; for **plan** and **diff**: nothing to change.

        1
        : A fault in the file, on the command line or on the host. Nothing was changed.

        2
        : **plan** and **diff**: there are changes.

        3
        : Something failed, and everything was taken back.

        # FILES

        /var/lib/weft
        : What was applied, addresses, history: one SQLite database.

        /run/weft
        : What does not outlive a boot.

        # SEE ALSO

        **weft.yaml**(5), **dnsmasq**(8), **nft**(8). Guides and examples are in /usr/share/doc/weft.

        """;

    internal static Command Build(RootCommand root)
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "Where to" };
        var command = new Command("manual", "Write the manual pages in Markdown, one file each (for packages)") { folder };
        command.SetAction(p =>
        {
            new ManualPage("weft", root, More).WriteAll(p.GetRequiredValue(folder));
            return ExitCode.Ok;
        });
        return command.Hide();
    }
}
