namespace Weft.Engine.Tests.Host;

/// <summary>A folder that stands for a host's root.</summary>
internal sealed class FakeRoot : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("weft-root").FullName;

    public FakeRoot Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Folder + path)!);
        File.WriteAllText(Folder + path, text);
        return this;
    }

    /// <summary>As systemctl enable does, for a unit that is not in this tree.</summary>
    public FakeRoot Enable(string unit)
    {
        Directory.CreateDirectory($"{Folder}/etc/systemd/system/multi-user.target.wants");
        File.CreateSymbolicLink($"{Folder}/etc/systemd/system/multi-user.target.wants/{unit}", $"/usr/lib/systemd/system/{unit}");
        return this;
    }

    public FakeRoot Mask(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Folder + path)!);
        File.CreateSymbolicLink(Folder + path, "/dev/null");
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, true);
}
