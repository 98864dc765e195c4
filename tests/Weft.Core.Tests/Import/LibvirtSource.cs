using System.Diagnostics;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>libvirt's own cases and schemas, from its source package; tests that need them are skipped where it is not to be had.</summary>
internal static class LibvirtSource
{
    private static readonly Lazy<(string Folder, string Why)> Fetched = new(Fetch);

    /// <summary>The folder with tests/ and src/conf/schemas/.</summary>
    public static string Folder
    {
        get
        {
            Assert.SkipWhen(Fetched.Value.Folder.Length == 0, $"libvirt's source package: {Fetched.Value.Why}");
            return Fetched.Value.Folder;
        }
    }

    private static (string, string) Fetch()
    {
        using var script = Process.Start(new ProcessStartInfo(RepoFiles.Path("tests", "libvirt-source")) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = script.StandardError.ReadToEndAsync();
        var folder = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        return script.ExitCode == 0 ? (folder, "") : ("", errors.Result.Trim());
    }
}
