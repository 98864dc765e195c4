using Weft.Core.Model;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine.Drivers;
using Weft.Linux.Route;
using Weft.Tests;
using Xunit;
using MacAddress = Weft.Core.Model.MacAddress;

namespace Weft.Lab.Tests.Netns.Drivers;

/// <summary>A network namespace in which drivers act, and what tests of all drivers ask.</summary>
internal sealed class DriverLab : IDisposable
{
    private readonly TestNamespace _ns = new();

    /// <summary>Runs a test on a thread that is in a new namespace, with a socket there.</summary>
    public static void Run(Action<DriverLab, RouteSocket> test)
    {
        using var lab = new DriverLab();
        lab._ns.Run(() =>
        {
            using var route = new RouteSocket();
            test(lab, route);
        });
    }

    public string Ip(params string[] arguments) => _ns.Ip(arguments);

    public void Dispose() => _ns.Dispose();

    public static BridgeResource Bridge(string name = "wb-dev", string owner = "lab", string network = "dev") =>
        new(owner, network, name) { Mac = Mac("02:57:00:00:00:01"), Mtu = 1500 };

    public static TapResource Tap(string name = "wt-web1", string bridge = "wb-dev", string machine = "web1") =>
        new("lab", "dev", name, bridge, machine) { Mtu = 1500, BpduGuard = false };

    public static MacAddress Mac(string text) => MacAddress.TryParse(text, out var mac) ? mac : throw new FormatException(text);

    public static IpPrefix Prefix(string text) => IpPrefix.Parse(text);
}

/// <summary>What every driver keeps.</summary>
internal static class DriverExtensions
{
    public static void Create(this IDriver driver, params Resource[] resources) => driver.Apply([.. resources.Select(r => new Step(null, r, "test"))]);

    public static void Change(this IDriver driver, Resource before, Resource after) => driver.Apply([new Step(before, after, "test")]);

    public static void Delete(this IDriver driver, params Resource[] resources) => driver.Apply([.. resources.Select(r => new Step(r, null, "test"))]);

    public static Resource[] All(this IDriver driver) => [.. driver.Read(ReadScope.All).OrderBy(r => r.Key.Name, StringComparer.Ordinal)];

    public static Resource[] Only(this IDriver driver, params ResourceKey[] keys) => [.. driver.Read(new ReadScope(keys))];

    /// <summary>The host has just these, by all it tells and by their keys, with what was left open as the kernel has it.</summary>
    public static void Has(this IDriver driver, params Resource[] wanted)
    {
        var expected = wanted.OrderBy(r => r.Key.Name, StringComparer.Ordinal).ToArray();
        var all = driver.All();
        Assert.Equal(expected.Select(r => r.Key), all.Select(r => r.Key));
        Assert.Equal(expected.Zip(all, LeftToKernel.Fill), all);
        Assert.Equal(all, driver.Only([.. expected.Select(r => r.Key)]).OrderBy(r => r.Key.Name, StringComparer.Ordinal));
    }

    /// <summary>Made, made again, taken back, taken back again.</summary>
    public static void Survives(this IDriver driver, params Resource[] wanted)
    {
        driver.Create(wanted);
        driver.Has(wanted);
        driver.Create(wanted);
        driver.Has(wanted);
        driver.Delete([.. wanted.Reverse()]);
        driver.Has();
        driver.Delete(wanted);
        driver.Has();
    }
}
