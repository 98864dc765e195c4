using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Xunit;

namespace Weft.Core.Tests.Spec;

public sealed class ReaderTests
{
    private const string Head = "version: 1\nname: lab\n";

    private static (ProjectSpec? Spec, IReadOnlyList<Diagnostic> Faults) Read(string text)
    {
        var bag = new DiagnosticBag();
        return (SpecReader.Read("f.yaml", text, bag), bag.Items);
    }

    /// <summary>One fault of each code, with its place; the text follows version and name, which take two lines.</summary>
    [Theory]
    [InlineData("networks: { a: nat }\n\tx: 1", "WEFT1003", 4, 1)]
    [InlineData("networks: { a: nat\n", "WEFT1004", 4, 1)]
    [InlineData("networks: { a: &x nat }", "WEFT1006", 3, 16)]
    [InlineData("networks: { a: *x }", "WEFT1006", 3, 16)]
    [InlineData("networks: { a: !!str nat }", "WEFT1006", 3, 16)]
    [InlineData("networks: {}\n---\nversion: 1", "WEFT1007", 4, 1)]
    [InlineData("networks: { a: nat, a: nat }", "WEFT1009", 3, 21)]
    [InlineData("network: { a: nat }", "WEFT1010", 3, 1)]
    [InlineData("networks: { a: { mtu: 1500 } }", "WEFT1011", 3, 16)]
    [InlineData("networks: [ nat ]", "WEFT1012", 3, 11)]
    [InlineData("networks: { a: { mode: nat, mtu: big } }", "WEFT1012", 3, 34)]
    [InlineData("networks: { a: { mode: nat, mtu: 67 } }", "WEFT1013", 3, 34)]
    [InlineData("networks: { a: { mode: nat, mtu: 99999999999999 } }", "WEFT1013", 3, 34)]
    [InlineData("networks: { a: { mode: nat, stp: { forward_delay: 31s } } }", "WEFT1013", 3, 51)]
    [InlineData("networks: { a: { mode: brigde } }", "WEFT1014", 3, 24)]
    [InlineData("drift: enforced", "WEFT1014", 3, 8)]
    [InlineData("groups: {}", "WEFT1015", 3, 1)]
    [InlineData("networks: { a: { mode: passthrough, device: eth2, share: vf } }", "WEFT1015", 3, 24)]
    [InlineData("networks: { a: { mode: bridge, allow_from: [192.0.2.0/24] } }", "WEFT1016", 3, 32)]
    [InlineData("networks: { A_1: nat }", "WEFT1018", 3, 13)]
    [InlineData("networks: { a: { mode: nat, bridge: a-name-of-16-byt } }", "WEFT1019", 3, 37)]
    [InlineData("networks: { a: { mode: bridge, uplink: auto } }", "WEFT1019", 3, 40)]
    [InlineData("networks: { a: { mode: nat, subnets: [10.0.0.256/24] } }", "WEFT1020", 3, 39)]
    [InlineData("networks: { a: { mode: nat, subnets: [10.0.0.0/33] } }", "WEFT1020", 3, 39)]
    [InlineData("networks: { a: { mode: nat, subnets: [{ prefix: 10.0.0.0/24, pool: 10.0.0.9-10.0.0.1 }] } }", "WEFT1020", 3, 68)]
    [InlineData("machines: { m: { network: a, mac: 52:54:00:12:34 } }", "WEFT1021", 3, 35)]
    [InlineData("networks: { a: { mode: nat, dhcp: { lease: 1w } } }", "WEFT1022", 3, 44)]
    [InlineData("networks: { a: { mode: nat, forwards: [{ listen: sctp/80, to: m }] } }", "WEFT1023", 3, 50)]
    [InlineData("networks: { a: { mode: nat, forwards: [{ listen: tcp/90-80, to: m }] } }", "WEFT1023", 3, 50)]
    [InlineData("networks: { a: { mode: nat, forwards: [{ listen: tcp/80, to: \"m:0\" }] } }", "WEFT1024", 3, 62)]
    [InlineData("networks: { a: { mode: nat, vlan: { trunk: [4095] } } }", "WEFT1025", 3, 45)]
    [InlineData("networks: { a: { mode: nat, forwards: [{ listen: tcp/80-90, to: \"m:80-85\" }] } }", "WEFT1026", 3, 65)]
    public void A_fault_is_told_with_its_place(string text, string code, int line, int column)
    {
        var (spec, faults) = Read(Head + text);
        var fault = Assert.Single(faults);
        Assert.Null(spec);
        Assert.Equal((code, new Location("f.yaml", line, column)), (fault.Code, fault.Location));
    }

    [Theory]
    [InlineData("", "WEFT1008")]
    [InlineData("# nothing", "WEFT1008")]
    [InlineData("name: lab", "WEFT1011")]
    [InlineData("version: 2\nname: lab", "WEFT1017")]
    [InlineData("version: 1\nname: \"a\uFFFDb\"", "WEFT1002")]
    [InlineData("version: 1\nname: Lab", "WEFT1018")]
    public void A_file_that_cannot_begin_is_told(string text, string code)
    {
        var (spec, faults) = Read(text);
        Assert.Null(spec);
        Assert.Equal([code], faults.Select(f => f.Code));
    }
}
