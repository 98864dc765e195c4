using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>weft import and weft export as programs: files, standard streams, exit codes, documents.</summary>
public sealed class ImportTests : IDisposable
{
    internal const string Good = "<network>\n  <name>lan</name>\n  <forward mode='nat'/>\n  <bandwidth><inbound average='10'/></bandwidth>\n  <ip address='10.20.0.1' prefix='24'><dhcp><host mac='52:54:00:aa:00:01' name='web1' ip='10.20.0.7'/></dhcp></ip>\n</network>\n";
    private const string Vepa = "<network><name>v</name><forward mode='vepa' dev='eth1'/></network>\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void A_network_of_libvirt_becomes_a_file_that_validates()
    {
        var ended = WeftProgram.Run("import", "libvirt", Write("lan.xml", Good), "--name", "lab");
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("name: lab\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("lan.xml:4:3: warning WEFT5010: network lan: <bandwidth>", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("# " + Path.Combine(_folder, "lan.xml") + ":4:3: warning WEFT5010", ended.Output, StringComparison.Ordinal);
        Assert.Equal(0, WeftProgram.RunProgram(WeftProgram.Path, ["validate", "-"], ended.Output).ExitCode);
    }

    [Fact]
    public void Standard_input_is_read_for_a_dash_and_what_is_refused_does_not_keep_the_rest_out()
    {
        var ended = WeftProgram.RunProgram(WeftProgram.Path, ["import", "libvirt", "-"], Vepa + Good);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("standard input:1:24: error WEFT5007: network v: left out: forward mode vepa", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("\n  lan:\n", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n  v:\n", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<network><name>")]
    [InlineData("no XML")]
    [InlineData("")]
    public void Of_what_cannot_be_read_nothing_is_written(string text)
    {
        var output = Path.Combine(_folder, "out.yaml");
        var ended = WeftProgram.Run("import", "libvirt", Write("bad.xml", text));
        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Equal(1, WeftProgram.Run("import", "libvirt", Write("bad.xml", text), "--output", output).ExitCode);
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void The_document_has_the_project_and_every_finding()
    {
        var document = CliLab.Document(WeftProgram.Run("import", "libvirt", Write("lan.xml", Good), "--json"));
        Assert.Equal("10.20.0.0/24", document.GetProperty("project").GetProperty("networks").GetProperty("lan").GetProperty("subnets")[0].GetString());
        var findings = document.GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(findings.Count, document.GetProperty("diagnostics").GetArrayLength());
        Assert.Contains(findings, f => f.GetProperty("network").GetString() == "lan" && f.GetProperty("code").GetString() == "WEFT5010" && f.GetProperty("line").GetInt32() == 4);
        Assert.Contains("mode: nat", document.GetProperty("yaml").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_written_whole_in_the_place_of_a_link()
    {
        var (target, link) = (Write("precious", "precious"), Path.Combine(_folder, "out.yaml"));
        File.CreateSymbolicLink(link, target);
        Assert.Equal(0, WeftProgram.Run("import", "libvirt", Write("lan.xml", Good), "--output", link).ExitCode);
        Assert.Equal("precious", File.ReadAllText(target));
        Assert.Null(new FileInfo(link).LinkTarget);
        Assert.Equal(0, WeftProgram.Run("validate", link).ExitCode);
        Assert.Equal(["lan.xml", "out.yaml", "precious"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("no/out.yaml", "no such directory {0}/no")]
    [InlineData("lan.xml/out.yaml", "no such directory {0}/lan.xml")]
    [InlineData(".", "it is a directory; name the file to write")]
    public void An_output_that_cannot_be_written_is_told(string output, string why)
    {
        var (file, path) = (Write("lan.xml", Good), Path.GetFullPath(Path.Combine(_folder, output)));
        var ended = WeftProgram.Run("import", "libvirt", file, "--output", Path.Combine(_folder, output));
        Assert.Equal((1, $"weft: write {path}: {string.Format(CultureInfo.InvariantCulture, why, _folder)}\n"), (ended.ExitCode, ended.Errors));
        Assert.Equal(["lan.xml"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void The_kernels_word_tells_why_an_output_is_refused()
    {
        var ended = WeftProgram.Run("import", "libvirt", Write("lan.xml", Good), "--output", "/sys/weft.yaml"); // where nobody makes a file
        Assert.Equal(1, ended.ExitCode);
        Assert.Matches(@"^weft: write /sys/weft\.yaml: (Permission denied|Read-only file system)\n$", ended.Errors);
    }

    [Fact]
    public void Live_reads_what_libvirtd_has_defined_and_runs()
    {
        Write("etc/libvirt/qemu/networks/lan.xml", "<!--\nWARNING: edited by virsh\n-->\n" + Good);
        Write("etc/libvirt/qemu/networks/autostart/lan.xml", "not read");
        Write("run/libvirt/network/lan.xml", $"<networkstatus>{Good}</networkstatus>");
        Write("run/libvirt/network/brief.xml", "<networkstatus><network><name>brief</name></network></networkstatus>");
        Write("run/libvirt/network/lan.pid", "12");
        var ended = WeftProgram.Run("import", "libvirt", "--live", "--root", _folder);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("\n  lan:\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("\n  brief:\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("virsh net-destroy lan", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_says_when_there_is_no_libvirt_and_that_it_takes_no_files()
    {
        Assert.Contains("etc/libvirt/qemu/networks", Refused("import", "libvirt", "--live", "--root", _folder), StringComparison.Ordinal);
        Assert.Contains("name files, or say --live", Refused("import", "libvirt", "--live", Write("lan.xml", Good)), StringComparison.Ordinal);
        Assert.Contains("name files, or say --live", Refused("import", "libvirt"), StringComparison.Ordinal);
        Assert.Contains("there is no file", Refused("import", "netplan", Path.Combine(_folder, "none.yaml")), StringComparison.Ordinal);
        Assert.Contains("--name Lab_1", Refused("import", "libvirt", "-", "--name", "Lab_1"), StringComparison.Ordinal);
        Assert.Contains("WEFT1002", Refused("import", "libvirt", WriteBytes("bad.xml", [0xff, 0xfe])), StringComparison.Ordinal);
    }

    [Fact]
    public void Netplan_and_ifupdown_are_read()
    {
        var netplan = WeftProgram.Succeed("import", "netplan", Write("10.yaml", "network: { version: 2, bridges: { br0: { mtu: 9000 } } }\n"), Write("00.yaml", "network: { ethernets: { eth1: {} }, bridges: { br0: { interfaces: [eth1] } } }\n"));
        Assert.Contains("  br0:\n    mode: bridge\n    uplink: eth1\n    bridge: br0\n    mtu: 9000\n", netplan, StringComparison.Ordinal);
        foreach (var format in (string[])["ifupdown", "proxmox"])
            Assert.Contains("    uplink: eth1\n", WeftProgram.Succeed("import", format, Write("interfaces", "iface vmbr0 inet manual\n\tbridge-ports eth1\n#office\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_exported_in_each_format_and_json_is_read_back()
    {
        var file = Write("lab.yaml", CliLab.Project);
        var json = WeftProgram.Succeed("export", "json", file);
        Assert.Equal(json, WeftProgram.RunProgram(WeftProgram.Path, ["export", "json", "-"], json).Output);
        Assert.Contains("ethernets:\n    eth1: {}", WeftProgram.Succeed("export", "netplan", file), StringComparison.Ordinal);
        Assert.Equal(["office"], Json("export", "libvirt", file, "office", "--json").GetProperty("files").EnumerateArray().Select(f => f.GetProperty("network").GetString()));
        Assert.Contains("did you mean 'dev'", Refused("export", "libvirt", file, "dve"), StringComparison.Ordinal);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "xml")).FullName;
        WeftProgram.Succeed("export", "libvirt", file, "--output", folder);
        Assert.Equal(["dev.xml", "office.xml"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("dev", XDocument.Load(Path.Combine(folder, "dev.xml")).Root!.Element("name")!.Value);
    }

    [Fact]
    public void A_project_is_exported_as_it_was_applied_with_the_bridges_it_has()
    {
        using var lab = new CliLab();
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", CliLab.Project), "--yes").ExitCode);
        var xml = XDocument.Parse(lab.Weft("export", "libvirt", "--project", "lab", "dev").Output);
        var bridge = xml.Root!.Element("bridge")!.Attribute("name")!.Value;
        Assert.Contains("weft:lab:dev", lab.OnHost($"ip -d link show {bridge}"), StringComparison.Ordinal);
        Assert.Contains("WEFT4002", lab.Weft("export", "json", "--project", "lba").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_imported_network_is_applied()
    {
        using var lab = new CliLab();
        var file = lab.Write("made.yaml", WeftProgram.Succeed("import", "libvirt", Write("lan.xml", Good)));
        var applied = lab.Weft("apply", file, "--yes");
        Assert.True(applied.ExitCode == 0, applied.Output + applied.Errors);
        Assert.Contains("10.20.0.1/24", lab.OnHost("ip -o addr"), StringComparison.Ordinal);
        Assert.Equal(0, lab.Weft("plan", file).ExitCode);
    }

    private static string Refused(params string[] arguments)
    {
        var ended = WeftProgram.Run(arguments);
        Assert.Equal(1, ended.ExitCode);
        return ended.Errors;
    }

    private static JsonElement Json(params string[] arguments) => CliLab.Document(WeftProgram.Run(arguments));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string WriteBytes(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
