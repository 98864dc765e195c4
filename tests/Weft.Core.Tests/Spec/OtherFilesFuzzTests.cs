using System.Text;
using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Core.Model;
using Weft.Core.Resources;
using Weft.Core.Spec.Daemon;
using Weft.Core.Spec.Hosts;
using Xunit;

namespace Weft.Core.Tests.Spec;

/// <summary>The daemon's file, that of other hosts, and the small texts of this assembly: whatever the input, it is read or refused.</summary>
public sealed class OtherFilesFuzzTests
{
    private static readonly string[] Pieces =
        ["listen: ", "tls: ", "certificate: ", "key: ", "client_authorities: ", "clients: ", "role: admin", "role: ", "projects: [", "rate: ", "hosts: ", "url: ", "https://", "ssh://a@b/c", "token", "\"192.0.2.10:7443\"",
            "[::]:1", "/x.pem", "\n", "  ", "- ", ": ", "{", "}", "[", "]", ",", "\"", "'", "&a ", "*a", "!!str ", "|", "\t", "\0", "\uD800", "99999999999999999999", "-1", "0", "null", "#", "---\n"];

    private static readonly Gen<byte[]> Bytes = Gen.OneOf(Gen.Byte.Array, SpecGen.Pick(Pieces).Array[0, 30].Select(p => Encoding.UTF8.GetBytes(string.Concat(p))));

    [Fact]
    public void The_file_of_the_daemon() => Bytes.Sample(bytes =>
    {
        var faults = new DiagnosticBag();
        Assert.Equal(DaemonSpecReader.Load("f", bytes, faults) is null, faults.HasErrors);
    }, iter: 10_000);

    [Fact]
    public void The_file_of_other_hosts() => Bytes.Sample(bytes =>
    {
        var faults = new DiagnosticBag();
        var read = HostsSpecReader.Load("f", bytes, faults);
        Assert.Equal(read is null, faults.HasErrors);
        Assert.All(read?.Hosts ?? [], h => Assert.True(h.Host is not null || faults.HasErrors || h.Faults.Length > 0));
    }, iter: 10_000);

    [Fact]
    public void Addresses_MACs_and_names_of_resources() => Gen.OneOf(Gen.String,
        SpecGen.Pick<string>(["10.0.0.1", "::1", "/", "24", "129", "fe80::1%eth0", ":", "52", "-", "bridge", "nftelement", " ", "99999999999", "+1", "0x1"]).Array[0, 6].Select(string.Concat)).Sample(text =>
    {
        Assert.True(!IpPrefix.TryParse(text, out var p) || IpPrefix.Parse(p.ToString()).Equals(p));
        Assert.True(!MacAddress.TryParse(text, out var m) || (MacAddress.TryParse(m.ToString(), out var again) && again == m));
        try
        {
            Assert.True(Enum.IsDefined(ResourceKey.Parse(text).Kind));
        }
        catch (ArgumentException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }, iter: 20_000);
}
