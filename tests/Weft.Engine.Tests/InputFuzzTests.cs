using System.Text;
using CsCheck;
using Weft.Core.Resources;
using Weft.Engine.Dhcp;
using Weft.Engine.Events;
using Weft.Engine.Host.Managers;
using Weft.Engine.Host.Uplink;
using Weft.Engine.Machines;
using Weft.Engine.Store;
using Xunit;

namespace Weft.Engine.Tests;

/// <summary>What the engine reads of others: whatever it is, it is read or refused with an exception that says so.</summary>
public sealed class InputFuzzTests
{
    private static Gen<string> Of(params string[] pieces) => Gen.OneOf(Gen.String, Gen.OneOf(Pick(pieces), Gen.String[0, 3]).Array[0, 12].Select(string.Concat));

    // Any user of the host may start a program that is called so.
    [Fact]
    public void Command_lines_of_hypervisors_tell_something_or_nothing() => Of("-", "--", "netdev", "device", "nic", "name", "guest=", "tap,", "ifname=vnet0", "id=a", "netdev=a", "mac=52:54:00:00:00:01", ",", "{", "}",
        "{\"id\":\"a\",\"ifname\":\"vnet0\"}", "{\"netdev\":\"\\ud800\"}", "{\"mac\":1}", "{\"netdev\":\"a\",\"mac\":\"\\udfff\"}", "\"", "[", "]", "=").Array[0, 8]
        .Sample(arguments => Assert.NotNull(QemuCommandLine.Read(arguments, "vnet0")), iter: 20_000);

    [Fact]
    public void Cursors_are_read_as_they_are_written() => Of("-", "history", "5f3c9a01", "17", "99999999999999999999", "+1", " ", "\0").Sample(text =>
        Assert.True(!EventCursor.TryParse(text, out var c) || (EventCursor.TryParse(c.ToString(), out var again) && again == c)), iter: 20_000);

    [Fact]
    public void Files_of_sections_are_read_whatever_is_in_them() => Of("[", "]", "[Match]", "\n", "=", "Name=eth0", "\\\n", "#", ";", " ", "\0", "\r").Sample(text => Assert.All(IniText.Read(text), s => Assert.NotEmpty(s.Key + "=")), iter: 10_000);

    [Fact]
    public void Objects_of_the_kernel_are_read_or_refused() => Gen.Select(Pick<ushort>(Rtm.NEWLINK, Rtm.NEWADDR, Rtm.NEWROUTE, Rtm.NEWNEIGH, Rtm.NEWRULE, Rtm.NEWNEXTHOP), Gen.Byte.Array[0, 200]).Sample((type, bytes) =>
        Refusing(() =>
        {
            var o = RtObject.Parse(type, bytes);
            _ = (o.Family, o.Identity, o.U32(1), o.Text(3), o.Address(2));
        }), iter: 20_000);

    private const string Journal = """
        {"project":"lab","user":"root","verb":"apply","file":"lab.yaml","text":"version: 1","shared":["nfttable inet weft"],"steps":[{"after":{"kind":"bridge","owner":"lab","network":"dev","name":"wb-dev","mac":"02:00:00:00:00:01","mtu":1500},"why":"x"},
        {"before":{"kind":"address","owner":"lab","network":"dev","link":"wb-dev","address":"10.20.0.1/24"},"why":"y"}],"released":{"networks":[],"ports":[]},"given":{"networks":[],"ports":[]}}
        """;

    private static readonly Gen<(double Where, int Cut, string Piece)> Edit = Gen.Select(Gen.Double.Unit, Gen.Int[0, 12],
        Pick("", "{", "}", "[", "]", "\"", ",", ":", "null", "1", "-1e999", "\\ud800", "\"kind\":\"tap\"", "\"kind\":7", "[[[[", "true", "\0"));

    private static string Edited(string text, (double Where, int Cut, string Piece) e) =>
        (int)(e.Where * text.Length) is var at ? string.Concat(text.AsSpan(0, at), e.Piece, text.AsSpan(Math.Min(at + e.Cut, text.Length))) : text;

    [Fact]
    public void The_journal_is_read_or_refused()
    {
        Assert.Equal(2, StoreJson.ReadChange(Journal).Steps.Length);
        Edit.Array[0, 4].Sample(edits => Refusing(() => StoreJson.ReadChange(edits.Aggregate(Journal, Edited))), iter: 10_000);
    }

    [Fact]
    public void Allocations_are_read_or_refused()
    {
        const string port = """{"project":"lab","network":"dev","machine":"web1","index":0,"tap":"wt-web1","mac":"02:00:00:00:01:01","addresses":["10.20.0.7"],"since":"2026-01-02T03:04:05+00:00","declared":true}""";
        const string network = """{"project":"lab","network":"dev","bridge":"wb-dev","mac":"02:00:00:00:00:01","subnets":["10.20.0.0/24"],"mode":"nat","uplinks":["eth0"]}""";
        Assert.Equal("web1", StoreJson.Read(port, StoreJson.Default.PortAllocation).Machine);
        Assert.Equal("wb-dev", StoreJson.Read(network, StoreJson.Default.NetworkAllocation).Bridge);
        Edit.Array[0, 4].Sample(edits =>
        {
            Refusing(() => StoreJson.Read(edits.Aggregate(port, Edited), StoreJson.Default.PortAllocation));
            Refusing(() => StoreJson.Read(edits.Aggregate(network, Edited), StoreJson.Default.NetworkAllocation));
        }, iter: 10_000);
    }

    [Fact]
    public void What_dnsmasq_is_to_serve_is_read_or_refused()
    {
        var folder = Directory.CreateTempSubdirectory("weft-fuzz-").FullName;
        try
        {
            var manifest = new Manifest(folder);
            var entry = new ManifestEntry();
            entry.Add(new DhcpScopeResource("lab", "dev", "wb-dev") { Domain = "dev.weft", Mtu = 1500, Ranges = [] });
            entry.Add(new DhcpHostResource("lab", "dev", "wb-dev", "web1", Core.Model.MacAddress.From([2, 0, 0, 0, 0, 1])) { Addresses = [] });
            manifest.Write("wb-dev", entry);
            var file = Path.Combine(folder, "wb-dev");
            var good = File.ReadAllText(file);
            Edit.Array[1, 4].Sample(edits =>
            {
                File.WriteAllText(file, edits.Aggregate(good, Edited), Encoding.UTF8);
                Refusing(() => manifest.Read("wb-dev"));
                Assert.NotNull(manifest.ReadOrDrop("wb-dev"));
            }, iter: 2_000, threads: 1);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static void Refusing(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
