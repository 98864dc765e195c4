namespace Weft.Tests.Shared;

/// <summary>Files of the repository, found from where the tests were built.</summary>
internal static class RepoFiles
{
    /// <summary>The folder that holds weft.slnx.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>A path below the root.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "weft.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("weft.slnx is not above " + AppContext.BaseDirectory);
    }
}
