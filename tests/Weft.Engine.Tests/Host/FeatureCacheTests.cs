using System.Collections.Immutable;
using Weft.Engine.Host;
using Weft.Linux.Libc;
using Weft.Linux.Sysfs;
using Xunit;

namespace Weft.Engine.Tests.Host;

public sealed class FeatureCacheTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-features-").FullName;

    private string Kept => Path.Combine(_folder, "features");

    [Fact]
    public void What_was_probed_is_not_probed_again_but_by_who_may_not_write()
    {
        Assert.Equal(["a"], FeatureCache.Get(_folder, keep: false, () => ["a"]));
        Assert.False(File.Exists(Kept));
        Assert.Equal(["b"], FeatureCache.Get(_folder, keep: true, () => ["b"]));
        Assert.Equal(["b"], FeatureCache.Get(_folder, keep: false, () => ["c"]));
    }

    [Fact]
    public void Who_may_not_probe_goes_by_what_was_found_since_the_boot()
    {
        File.WriteAllLines(Kept, [$"{Sysctl.BootId} 1 1", "found"]); // before modules were installed
        Assert.Equal(["found"], FeatureCache.Get(_folder, keep: true, Refused));
        Assert.Equal(["other"], FeatureCache.Get(_folder, keep: true, () => ["other"]));

        File.WriteAllLines(Kept, ["another-boot 1 1", "found"]);
        Assert.Contains("weft probe-kernel", Assert.Throws<IOException>(() => FeatureCache.Get(_folder, keep: true, Refused)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, true);

    private static ImmutableHashSet<string> Refused() => throw new LinuxException("make a network namespace to try things in", Errno.EPERM);
}
