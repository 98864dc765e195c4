using System.Diagnostics;
using System.Xml.Linq;
using CsCheck;
using Weft.Core.Diagnostics;
using Weft.Core.Export;
using Weft.Core.Import;
using Weft.Core.Spec;
using Weft.Core.Tests.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>What is handed over to other programs, and what of it comes back.</summary>
public sealed class ExportTests
{
    private const string Cases = "tests/Weft.Core.Tests/Import/Exports";

    private const string Text = """
        version: 1
        name: lab
        networks:
          office: { mode: bridge, uplink: { link: eth1, cost: 100, priority: 20 }, bridge: br0, mtu: 9000, stp: { priority: 8192, forward_delay: 15s }, options: { ageing: 100s } }
          tagged: { mode: bridge, uplink: { link: eth1, vlan: 20 } }
          inner: { mode: bridge, bridge: inner, subnets: [10.20.0.0/24, { prefix: "fd00:20::/64", gateway: "fd00:20::9" }], dhcp: true, vlan: true, fdb: [{ mac: 52:54:00:aa:00:01, port: one }] }
          dev: { mode: nat, subnets: [10.30.0.0/24] }
        machines:
          one: { network: inner, isolated: true }
          two: { ports: [{ network: dev, isolated: true }, dev] }

        """;

    private static ExportSource Source(string text = Text)
    {
        var faults = new DiagnosticBag();
        return new ExportSource(SpecReader.Load("lab.yaml", text, faults) ?? throw new InvalidDataException(string.Join('\n', faults.Items)), new Dictionary<string, string> { ["dev"] = "wb-dev" });
    }

    [Fact]
    public void Libvirt() => Golden.Matches($"{Cases}/libvirt.txt", Print(LibvirtExporter.Export(Source())));

    [Fact]
    public void Netplan() => Golden.Matches($"{Cases}/netplan.txt", Print(NetplanExporter.Export(Source())));

    [Fact]
    public void Json() => Golden.Matches($"{Cases}/project.json", ProjectJson.Write(Source().Project));

    [Fact]
    public void One_network_comes_with_its_machines_alone()
    {
        var only = Source().Only(["inner"]).Project;
        Assert.Equal(["inner"], only.Networks.Select(n => n.Name));
        Assert.Equal(["one"], only.Machines.Select(m => m.Name));
    }

    [Fact]
    public void Json_is_a_project_file_that_reads_back_equal() => SpecGen.Project.Sample(project =>
    {
        var faults = new DiagnosticBag();
        var again = SpecReader.Read("p.json", ProjectJson.Write(project), faults);
        Assert.True(again is not null, string.Join('\n', faults.Items));
        Assert.Equal(Structural.Render(project), Structural.Render(again));
        Assert.Equal(ProjectJson.Write(project), ProjectJson.Write(again));
    }, iter: 500);

    [Fact]
    public void Bridges_come_back_from_netplan()
    {
        var source = Source("""
            version: 1
            name: lab
            networks:
              br0: { mode: bridge, uplink: { link: eth1, cost: 100, priority: 20 }, bridge: br0, mtu: 9000, stp: { priority: 8192, forward_delay: 15s, hello: 2s, max_age: 20s }, options: { ageing: 100s } }
              br1: { mode: bridge, uplink: { link: eth1, vlan: 20 }, bridge: br1 }
              inner: { mode: bridge, bridge: inner, subnets: [10.20.0.0/24, { prefix: "fd00:20::/64", gateway: "fd00:20::9" }] }

            """);
        var imported = Importing.Sound(Importing.Import("netplan", new ImportSource("lab.yaml", Assert.Single(NetplanExporter.Export(source).Files).Text)));
        Assert.Equal(SpecWriter.Write(source.Project), SpecWriter.Write(imported.Project));
    }

    [Fact]
    public void Any_project_is_exported() => SpecGen.Project.Sample(project =>
    {
        var source = new ExportSource(project, new Dictionary<string, string>());
        Assert.All(LibvirtExporter.Export(source).Files, f => Assert.Equal(f.Network, XDocument.Parse(f.Text).Root!.Element("name")!.Value));
        Assert.Contains("network:", Assert.Single(NetplanExporter.Export(source).Files).Text, StringComparison.Ordinal);
    }, iter: 300);

    [Fact]
    public void Libvirts_schema_takes_the_networks()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/xmllint"), "xmllint is not installed (libxml2-utils)");
        var (schema, file) = (Path.Combine(LibvirtSource.Folder, "src", "conf", "schemas", "network.rng"), Path.GetTempFileName());
        foreach (var network in LibvirtExporter.Export(Source()).Files)
        {
            File.WriteAllText(file, network.Text);
            using var lint = Process.Start(new ProcessStartInfo("/usr/bin/xmllint", ["--noout", "--relaxng", schema, file]) { RedirectStandardError = true })!;
            var said = lint.StandardError.ReadToEnd();
            lint.WaitForExit();
            Assert.True(lint.ExitCode == 0, said + network.Text);
        }
        File.Delete(file);
    }

    private static string Print(Exported e) => string.Concat(e.Files.Select(f => f.Text)) + string.Concat(e.Findings.Select(d => $"{d}\n"));
}
