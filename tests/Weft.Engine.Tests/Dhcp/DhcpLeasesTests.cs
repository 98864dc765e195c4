using CsCheck;
using Weft.Core.Model;
using Weft.Engine.Dhcp;
using Xunit;

namespace Weft.Engine.Tests.Dhcp;

/// <summary>Lines of dnsmasq's lease file.</summary>
public sealed class DhcpLeasesTests
{
    private const string Line4 = "1763982170 0a:00:00:00:01:05 10.20.1.5 web1 01:0a:00:00:00:01:05";
    private const string Line6 = "1763982170 66309 fd00:1::5 web1 00:01:00:01:30:b6:5c:3e:0a:00:00:00:01:05";

    [Fact]
    public void An_IPv4_lease()
    {
        var lease = DhcpLeases.Parse(Line4)!;
        Assert.Equal(("10.20.1.5", "0a:00:00:00:01:05", "web1", "01:0a:00:00:00:01:05"), (lease.Address.ToString(), lease.Mac!.Value.ToString(), lease.Name, lease.ClientId));
        Assert.Equal(1763982170, lease.Expires!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void An_IPv6_lease_has_its_MAC_in_the_DUID()
    {
        var lease = DhcpLeases.Parse(Line6)!;
        Assert.Equal(("fd00:1::5", new MacAddress(0x0a0000000105), 66309u), (lease.Address.ToString(), lease.Mac!.Value, lease.Iaid));
        Assert.Equal(new MacAddress(0x0a0000000105), DhcpLeases.Parse("0 1 fd00:1::5 * 00:03:00:01:0a:00:00:00:01:05")!.Mac);
        Assert.Null(DhcpLeases.Parse("0 1 fd00:1::5 * 00:04:01:02")!.Mac);
    }

    [Fact]
    public void A_star_means_none_and_no_time_means_for_ever()
    {
        var lease = DhcpLeases.Parse("0 0a:00:00:00:01:05 10.20.1.5 * *")!;
        Assert.Equal((null, "", ""), (lease.Expires, lease.Name, lease.ClientId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("duid 00:01:00:01:30:b6:5c:3e:0a:00:00:00:01:05")]
    [InlineData("x 0a:00:00:00:01:05 10.20.1.5 web1 *")]
    [InlineData("99999999999999999 0a:00:00:00:01:05 10.20.1.5 web1 *")]
    [InlineData("1 0a:00:00:00:01:05 10.20.1 web1 *")]
    [InlineData("1 0a:00:00:00:01:05 10.20.1.5 web1")]
    public void What_is_no_lease_is_passed_over(string line) => Assert.Null(DhcpLeases.Parse(line));

    [Fact]
    public void No_text_breaks_the_reader()
    {
        var garbage = Gen.OneOf(Gen.String, Gen.OneOf(Gen.Const(Line4), Gen.Const(Line6)).SelectMany(l => Gen.Select(Gen.Int[0, l.Length - 1], Gen.Char, (at, c) => $"{l[..at]}{c}{l[(at + 1)..]}")),
            Gen.OneOf(Gen.Const(Line4), Gen.Const(Line6)).SelectMany(l => Gen.Int[0, l.Length].Select(n => l[..n])));
        garbage.Sample(line => DhcpLeases.Parse(line) is not { } lease || (lease.Expires is null || lease.Expires > DateTimeOffset.UnixEpoch), iter: 20_000);
    }

    [Fact]
    public void A_whole_file_of_garbage_gives_the_leases_in_it()
    {
        var folder = Directory.CreateTempSubdirectory("weft-leases-").FullName;
        var paths = new DhcpPaths(folder, Path.Combine(folder, "run"));
        Assert.Empty(DhcpLeases.Read(paths));
        var bytes = new byte[4096];
        new Random(87).NextBytes(bytes);
        File.WriteAllBytes(paths.Leases, [.. bytes, (byte)'\n', .. System.Text.Encoding.ASCII.GetBytes(Line4 + "\n"), .. bytes]);
        Assert.Equal("10.20.1.5", Assert.Single(DhcpLeases.Read(paths)).Address.ToString());
        Assert.Empty(DhcpLeases.ServerDuid(paths.Leases));
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("00:01:0a", "00010A")]
    [InlineData("", "")]
    [InlineData("00:zz", "")]
    [InlineData("0:1:100", "")]
    public void Bytes_of_a_DUID(string text, string bytes) => Assert.Equal(bytes, Convert.ToHexString(LeaseRelease.Hex(text)));

    [Fact]
    public void A_release_is_as_the_RFCs_have_it()
    {
        var m4 = LeaseRelease.Message4(DhcpLeases.Parse(Line4)!, System.Net.IPAddress.Parse("10.20.1.1"));
        Assert.Equal("0A140105", Convert.ToHexString(m4, 12, 4)); // ciaddr
        Assert.Equal("0A0000000105", Convert.ToHexString(m4, 28, 6)); // chaddr
        Assert.Equal("63825363" + "350107" + "36040A140101" + "FF", Convert.ToHexString(m4, 236, 14));
        var m6 = LeaseRelease.Message6(DhcpLeases.Parse(Line6)!, [0, 1, 2]);
        Assert.Equal("08000001" + "0001000E" + "0001000130B65C3E0A0000000105" + "00020003" + "000102"
            + "00030028" + "00010305" + "0000000000000000" + "00050018" + "FD000001000000000000000000000005" + "0000000000000000", Convert.ToHexString(m6));
    }
}
