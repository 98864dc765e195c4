using Xunit;

namespace Weft.Tests.Shared;

/// <summary>Compares text with a file kept beside the tests; UPDATE_GOLDEN=1 writes the file instead.</summary>
internal static class Golden
{
    private static bool Update => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>The text must be what the file holds.</summary>
    /// <param name="path">Path below the repository's root.</param>
    /// <param name="actual">What was made.</param>
    public static void Matches(string path, string actual)
    {
        var file = RepoFiles.Path(path);
        if (Update) Write(file, actual);
        Assert.True(File.Exists(file), $"{path} is missing; run the tests once with UPDATE_GOLDEN=1 and look at what it wrote");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    private static void Write(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
