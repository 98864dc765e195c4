using System.Net;
using CsCheck;
using Weft.Core.Ipam;
using Weft.Core.Model;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Ipam;

public sealed class SubnetLayoutTests
{
    [Fact]
    public void The_number_of_automatic_addresses_is_what_one_counts() => Gen.Select(Gen.Int[24, 32], Gen.Bool, Gen.Select(Gen.Int[0, 255], Gen.Int[0, 255]).Array[0, 3], Gen.Select(Gen.Int[0, 255], Gen.Int[0, 255]).Nullable()).Sample((length, unknown, excluded, pool) =>
    {
        static AddressRange Range(int a, int b) => new(IPAddress.Parse($"10.0.0.{Math.Min(a, b)}"), IPAddress.Parse($"10.0.0.{Math.Max(a, b)}"));
        var spec = new SubnetSpec(IpPrefix.Parse($"10.0.0.0/{length}")) { Exclude = [.. excluded.Select(e => Range(e.Item1, e.Item2))], Pool = pool is var (a, b) ? Range(a, b) : null };
        var layout = new SubnetLayout(spec, unknown);
        Assert.Equal(Enumerable.Range(0, 256).Count(i => layout.IsAutomatic(IpPrefix.ToNumber(IPAddress.Parse($"10.0.0.{i}")))), (int)layout.Automatic);
    });
}
