using System.Text;
using System.Text.Json;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>Files that are none, or have faults: told in a line each, at once, and nothing is touched.</summary>
public sealed class FileTests : IDisposable
{
    private const string TenFaults = """
        version: 1
        name: Lab
        nmae: lab
        networks:
          office: { mode: brigde, uplink: eth1 }
          dev: { mode: nat, subnets: [10.20.0.1/24, 10.20.0.0/33], mtu: 20 }
          ops: { mode: nat, subnets: [10.20.0.0/25], forwards: [{ listen: sctp/80, to: "web1:80" }], dhcp: { lease: soon } }
        machines:
          web1: { network: dve, mac: 52:54:00:12:34 }
          web2: { network: dev, vlan: 5000 }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Ten_faults_are_ten_diagnostics_with_line_and_column()
    {
        var file = Write("ten.yaml", TenFaults);
        var faults = CliLab.Document(Validate(file, "--json")).GetProperty("diagnostics").EnumerateArray().Where(d => d.GetProperty("severity").GetString() == "error").ToList();
        Assert.True(faults.Count >= 10, $"{faults.Count} faults");
        Assert.All(faults, d => Assert.True(d.GetProperty("line").GetInt32() > 1 && d.GetProperty("column").GetInt32() > 0 && d.GetProperty("file").GetString() == file));
        Assert.Equal([2, 3, 5, 6, 7, 9, 10], faults.Select(d => d.GetProperty("line").GetInt32()).Distinct().Order());
        var text = Validate(file);
        Assert.Equal(1, text.ExitCode);
        Assert.Empty(text.Output);
        Assert.All(faults, d => Assert.Contains($"{file}:{d.GetProperty("line")}:{d.GetProperty("column")}: error {d.GetProperty("code").GetString()}: {d.GetProperty("message").GetString()}", text.Errors, StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_of_a_file_with_faults_says_the_same_and_touches_nothing()
    {
        using var lab = new CliLab();
        var (before, file) = (lab.OnHost("ip -d link") + lab.OnHost("nft list ruleset"), lab.Write("ten.yaml", TenFaults));
        var (plan, apply, validate) = (lab.Weft("plan", file), lab.Weft("apply", file, "--yes"), Validate(file));
        Assert.Equal((1, validate.Errors), (plan.ExitCode, plan.Errors));
        Assert.Equal((1, validate.Errors), (apply.ExitCode, apply.Errors));
        Assert.Equal(before, lab.OnHost("ip -d link") + lab.OnHost("nft list ruleset"));
    }

    public static TheoryData<string, string> NoFiles => new()
    {
        { "missing.yaml", "there is no file" },
        { "no/such/folder.yaml", "there is no file" },
        { ".", "is a directory" },
        { "garbage", "WEFT1002" },
        { "ten-megabytes", "WEFT1001" },
        { "bomb", "WEFT1006" },
        { "deep", "WEFT1005" },
        { "empty", "WEFT1008" },
        { "nul", "WEFT1002" },
        { "two-documents", "WEFT1007" },
        { "tab", "WEFT1003" },
    };

    [Theory, MemberData(nameof(NoFiles))]
    public void What_is_no_project_is_refused_in_few_words(string name, string said)
    {
        var path = Path.Combine(_folder, name);
        if (Content(name) is { } content) File.WriteAllBytes(path, content);
        var ended = Validate(path);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(said, ended.Errors, StringComparison.Ordinal);
        Assert.True(ended.Errors.Length < 8000, "too many words");
        Assert.Contains(CliLab.Document(Validate(path, "--json")).GetProperty("diagnostics").EnumerateArray(), d => Words(d).Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Standard_input_is_read_for_a_dash_and_named_in_faults()
    {
        Assert.Equal(0, WeftProgram.RunProgram(WeftProgram.Path, ["validate", "-"], CliLab.Project).ExitCode);
        Assert.Contains("standard input:2:7: error", WeftProgram.RunProgram(WeftProgram.Path, ["validate", "-"], "version: 1\nname: Lab\n").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_name_weft_yaml_is_read()
    {
        Assert.Contains("there is no weft.yaml here", InFolder("validate").Errors, StringComparison.Ordinal);
        Write("weft.yaml", CliLab.Project);
        Assert.Equal(0, InFolder("validate").ExitCode);
    }

    private Ended InFolder(string verb) => WeftProgram.RunProgram("env", ["-C", _folder, WeftProgram.Path, verb]);

    private static string Words(JsonElement d) => $"{d.GetProperty("code").GetString()} {d.GetProperty("message").GetString()}";

    private static Ended Validate(string file, params string[] more) => WeftProgram.Run(["validate", file, .. more]);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static byte[]? Content(string name) => name switch
    {
        "garbage" => [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 37 ^ i >> 3 | 0x80))],
        "ten-megabytes" => Encoding.ASCII.GetBytes("version: 1\n" + new string('#', 10 * 1024 * 1024)),
        "bomb" => Encoding.ASCII.GetBytes("a: &a [x, x]\n" + string.Concat("bcdefghi".Select(c => $"{c}: &{c} [*{(char)(c - 1)}, *{(char)(c - 1)}]\n"))),
        "deep" => Encoding.ASCII.GetBytes(new string('[', 100_000)),
        "empty" => [],
        "nul" => Encoding.ASCII.GetBytes("version: 1\nname: a\0b\n"),
        "two-documents" => Encoding.ASCII.GetBytes("version: 1\nname: lab\n---\nversion: 1\nname: lab\n"),
        "tab" => Encoding.ASCII.GetBytes("version: 1\nname: lab\nnetworks:\n\tdev: nat\n"),
        _ => null,
    };
}
