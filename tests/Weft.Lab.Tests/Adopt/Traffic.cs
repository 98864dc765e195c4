using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Weft.Lab.Tests.Netns;
using Weft.Lab.Tests.Projects;
using Weft.Linux.NetNs;
using Xunit;

namespace Weft.Lab.Tests.Adopt;

/// <summary>A machine of sorts: a network namespace behind a veth on a bridge of the lab's host.</summary>
internal sealed class VethGuest : IDisposable
{
    private static int _count;

    /// <param name="lab">The host.</param>
    /// <param name="bridge">The bridge.</param>
    /// <param name="address">Its address with length.</param>
    /// <param name="gateway">Where its default route leads; null for none.</param>
    /// <param name="mac">Its MAC; null for one that the kernel makes up.</param>
    internal VethGuest(EngineLab lab, string bridge, string address, string? gateway = null, string? mac = null)
    {
        var number = Interlocked.Increment(ref _count);
        (Space, Link, Address) = ($"{lab.Host}g{number}", $"vnet{number}", IPAddress.Parse(address.Split('/')[0]));
        NetNamespace.Create(Space);
        lab.OnHost($"ip link add {Link} type veth peer name eth0{(mac is null ? "" : $" address {mac}")} netns {Space}");
        lab.OnHost($"ip link set {Link} master {bridge} up");
        foreach (var command in (string[])["ip link set lo up", "ip link set eth0 up", $"ip address add {address} dev eth0", .. gateway is null ? [] : (string[])[$"ip route add default via {gateway}"]])
            HostLab.Run($"ip netns exec {Space} {command}");
        Mac = HostLab.Run($"ip netns exec {Space} cat /sys/class/net/eth0/address").Trim();
    }

    internal string Space { get; }
    internal string Link { get; }
    internal string Mac { get; }
    internal IPAddress Address { get; }

    public void Dispose() => NetNamespace.Delete(Space);
}

/// <summary>A ping a millisecond, until it is stopped.</summary>
internal sealed class PingStream : IDisposable
{
    private readonly Process _ping;
    private readonly Task<string> _output;
    private readonly string _what;

    internal PingStream(string space, IPAddress to)
    {
        _what = $"{space} to {to}";
        Assert.True(SpinWait.SpinUntil(() => Answers(space, to), TimeSpan.FromSeconds(60)), $"{_what}: no answer before it began"); // a new port of a bridge, ARP
        _ping = HostLab.Start(space, "ping", "-D", "-i", "0.001", to.ToString());
        _ping.StandardOutput.ReadLine(); // it has begun
        _output = _ping.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Ends it: nothing must have been lost before the last that was answered. What comes after that was on its way when it was told to end.</summary>
    internal string AssertNoneLost()
    {
        HostLab.Run($"kill -INT {_ping.Id}");
        _ping.WaitForExit();
        var answered = Regex.Matches(_output.Result, @"\[(\S+)\] .*bytes from .* icmp_seq=(\d+) ").ToDictionary(m => int.Parse(m.Groups[2].Value), m => m.Groups[1].Value);
        Assert.NotEmpty(answered);
        var sent = answered.Keys.Max(); // they are counted from 1
        int[] missing = [.. Enumerable.Range(1, sent).Where(n => !answered.ContainsKey(n))];
        var lost = missing.Length;
        Assert.True(lost == 0, $"{_what}: {lost} of {sent} pings lost: {string.Join(", ", missing.Select(n => $"{n} after {answered.GetValueOrDefault(n - 1)}"))}");
        Assert.True(sent > 100, $"{_what}: only {sent} pings sent");
        return $"{_what}: {lost} of {sent} pings lost";
    }

    public void Dispose()
    {
        if (!_ping.HasExited) _ping.Kill();
        _ping.Dispose();
    }

    private static bool Answers(string space, IPAddress to)
    {
        using var one = HostLab.Start(space, "ping", "-q", "-c", "1", "-W", "1", to.ToString());
        one.WaitForExit();
        return one.ExitCode == 0;
    }
}
