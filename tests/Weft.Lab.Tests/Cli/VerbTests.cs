using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>A day with weft: every verb and every option of the program, with its exit code, for people and for machines.</summary>
public sealed partial class VerbTests
{
    private const string Text = "FILE", Later = "LATER", Figures = "METRICS"; // paths, filled in when the lab is there

    private sealed record Call(int ExitCode, string Line, string Input = "", string Before = "");

    private static readonly Call[] _day =
    [
        new(0, "validate FILE"), new(0, "validate -", Input: CliLab.Project), new(1, "validate -", Input: "version: 2\n"),
        new(0, "schema"), new(0, "completion bash"), new(0, "completion zsh"), new(0, "completion fish"),
        new(0, "show"), new(0, "diff"), new(1, "diff lab"), new(0, "history"), new(1, "confirm"), new(1, "rollback --yes"), new(1, "destroy lab --yes"), new(1, "port show app1"),
        new(2, "plan FILE"), new(2, "plan FILE --verbose"), new(2, "plan -", Input: CliLab.Project), new(1, "apply FILE"), new(0, "apply FILE --yes"), new(0, "apply FILE -y"), new(0, "plan FILE --no-color"),
        new(0, "show"), new(0, "show networks"), new(0, "show ports --project lab"), new(0, "show leases"), new(0, "show addresses"), new(0, "show forwards"), new(1, "show nothing"), new(1, "show --project lba"), new(1, "history lba"),
        new(0, "diff lab"), new(1, "diff lba"), new(2, "diff", Before: "ip link set wb-dev mtu 1400"), new(0, "apply FILE --yes"), new(0, "diff"),
        new(0, "port add dev --name web1"), new(0, "port add dev --name web1"), new(0, "port add dev --name web2 --mac 52:54:00:12:34:56 --address 10.20.0.50 --project lab"),
        new(1, "port add dve --name web3"), new(1, "port add dev --name Web_3"), new(1, "port add dev --name web3 --mac 53:54:00:12:34:56"), new(1, "port add dev --name web3 --address 10.20.0"),
        new(1, "port add dev --name web3 --address 10.20.0.50"), new(0, "port show web2"), new(1, "port show web3"),
        new(0, "port rm web1"), new(0, "port rm web2 --network dev --project lab"), new(1, "port rm web2"), new(1, "port rm app1"),
        new(0, "apply LATER --yes --confirm 10m --probe ping:192.0.2.1"), new(0, "show"), new(1, "destroy lab --yes"), new(0, "confirm"), new(1, "confirm"),
        new(0, "rollback 1 --yes --confirm 10m --project lab --probe ping:192.0.2.1"), new(0, "rollback"), new(1, "rollback 999"), new(1, "rollback 1 --probe web:80"), new(0, "rollback --yes"),
        new(0, "top --once"), new(1, "top --once --interval soon"), new(0, "top --once --interval 2s"), new(0, "metrics"), new(0, "metrics --openmetrics"), new(0, "metrics --output METRICS"), new(1, "metrics --output /nowhere/weft.prom"),
        new(0, "import libvirt - --name lab", Input: ImportTests.Good), new(0, "import libvirt - --output METRICS", Input: ImportTests.Good), new(1, "import libvirt FILE --live --name lab --output METRICS"), new(1, "import libvirt -", Input: "<domain/>"),
        new(0, "import netplan - --name lab --output METRICS", Input: "network: { bridges: { br0: { mtu: 1400 } } }\n"), new(1, "import netplan -", Input: "bridges: {}\n"),
        new(0, "import ifupdown - --name lab --output METRICS", Input: "iface br0 inet manual\n bridge_ports none\n"), new(0, "import proxmox - --name lab --output METRICS", Input: "iface br0 inet manual\n bridge_ports none\n"),
        new(0, "export libvirt FILE dev"), new(0, "export libvirt --project lab"), new(1, "export libvirt FILE --output METRICS"), new(1, "export libvirt FILE dve"), new(0, "export netplan FILE"), new(0, "export netplan --project lab --output METRICS"),
        new(0, "export json FILE"), new(0, "export json --project lab --output METRICS"), new(1, "export json --project lba"),
        new(0, "events"), new(0, "events --since history-1"), new(0, "events --since other-1"), new(1, "events --since 1"),
        new(0, "history"), new(0, "history lab --limit 1"), new(0, "apply --boot"), new(0, "sandbox list"), new(1, "sandbox exec"),
        new(1, "destroy lab"), new(1, "destroy lab --yes --confirm never"), new(0, "destroy lab --yes --confirm 10m --probe ping:192.0.2.1"), new(0, "confirm"), new(0, "rollback --yes"), new(0, "destroy lab -y"), new(0, "show"),
    ];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_day(bool json, bool daemon)
    {
        using var lab = new CliLab();
        if (daemon) lab.StartDaemon();
        var project = CliLab.Project.Replace("name: lab\n", "name: lab\ndrift: ignore\n", StringComparison.Ordinal); // the day looks at drift itself
        var (file, later) = (lab.Write("lab.yaml", project), lab.Write("later.yaml", project + "  app2: dev\n"));
        foreach (var call in _day)
        {
            if (call.Before.Length > 0) lab.OnHost(call.Before);
            var words = call.Line.Split(' ').Select(w => w switch { Text => file, Later => later, Figures => lab.Path("weft.prom"), _ => w });
            var ended = lab.Weft([.. words, .. json ? (string[])["--json"] : []], call.Input);
            Assert.True(call.ExitCode == ended.ExitCode, $"weft {call.Line} ended with {ended.ExitCode}, not {call.ExitCode}:\n{ended.Output}{ended.Errors}");
            if (json) Said(call, CliLab.Document(ended));
            else Said(call, ended);
            if (json && ended.ExitCode != 1 && Members(call.Line) is { } members) Assert.Equal($"ok diagnostics {members}".TrimEnd(), string.Join(' ', CliLab.Document(ended).EnumerateObject().Select(m => m.Name)));
        }
    }

    [Fact]
    public void A_plan_says_that_dnsmasq_is_missing_where_it_needs_one()
    {
        using var lab = new CliLab();
        Ended Plan(string project) => WeftProgram.RunProgram("unshare", ["-m", "sh", "-c", "mount -t tmpfs none /usr/sbin && exec \"$@\"", "sh", WeftProgram.Path, .. lab.Where.Split(' '), "plan", lab.Write("lab.yaml", project)]);
        var ended = Plan(CliLab.Project);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("error WEFT4014: dnsmasq is not installed: it would serve DHCP and DNS on dev", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(2, Plan(CliLab.Project.Replace("forwards:", "dhcp: false, dns: false, forwards:", StringComparison.Ordinal)).ExitCode);
    }

    [Fact]
    public void A_rollback_without_a_number_goes_to_a_file_and_never_destroys()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        foreach (var line in new[] { $"apply {file} --yes", "destroy lab --yes", $"apply {file} --yes", "port add dev --name web1" }) Assert.Equal(0, lab.Weft(line.Split(' ')).ExitCode);
        Assert.Equal(1, lab.Weft("rollback", "--yes").ExitCode);
        Assert.Contains("wb-dev", lab.OnHost("ls /sys/class/net"), StringComparison.Ordinal);
    }

    [Fact]
    public void No_verb_and_no_option_is_left_out_of_the_day()
    {
        string[] elsewhere = ["sandbox up", "sandbox down", "libvirt-hook", "adopt libvirt", "adopt bridge"]; // SandboxTests, LibvirtHookTests, LibvirtAdoptTests, BridgeAdoptTests
        (string, string)[] endless = [("events", "--follow")]; // EventsTests
        var lines = _day.Select(c => $"{c.Line} --json --netns --state --host --no-daemon").ToList();
        foreach (var verb in Verbs("").Except(elsewhere))
        {
            Assert.Contains(lines, l => l.StartsWith(verb, StringComparison.Ordinal));
            foreach (var option in Offered($"{verb} --").Except(["--help"]).Where(o => !endless.Contains((verb, o))))
                Assert.True(lines.Any(l => option is "--verbose" or "--no-color" ? l.Contains(option, StringComparison.Ordinal) : l.StartsWith(verb, StringComparison.Ordinal) && l.Contains(option, StringComparison.Ordinal)), $"weft {verb} {option} is run by no test");
        }
    }

    [GeneratedRegex(@"^\s+at |Exception|Parameter '", RegexOptions.Multiline)]
    private static partial Regex Programmers();

    private static void Said(Call call, JsonElement document)
    {
        Whole(call.Line, document);
        if (call.ExitCode == 1) Assert.Contains(document.GetProperty("diagnostics").EnumerateArray(), d => d.GetProperty("severity").GetString() == "error" && d.GetProperty("message").GetString()!.Length > 10);
    }

    // What there is none of is null, and its member is there all the same. A record of a step has the members of its kind.
    private static void Whole(string where, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) Assert.True(value.GetString() != "", $"{where} is \"\"");
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var m in value.EnumerateObject())
            {
                Assert.False(m.Name is "line" or "column" or "revision" && m.Value.ToString() == "0", $"{where}.{m.Name} is 0");
                Assert.False(s_lists.Contains(m.Name) && m.Value.ValueKind == JsonValueKind.Null, $"{where}.{m.Name} is null");
                if (m.Name != "schema") Whole($"{where}.{m.Name}", m.Value);
            }
        if (value.ValueKind != JsonValueKind.Array) return;
        foreach (var item in value.EnumerateArray()) Whole($"{where}[]", item);
        Assert.True(value.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(i => string.Join(' ', i.EnumerateObject().Select(m => m.Name))).Distinct().Count() <= 1, $"the objects of {where} differ in their members");
    }

    // A view of show has one list, not all.
    private static string? Members(string line) => line.StartsWith("show ", StringComparison.Ordinal) ? $"{line.Split(' ')[1]} open"
        : s_members.Where(m => line.StartsWith(m.Key, StringComparison.Ordinal)).OrderByDescending(m => m.Key.Length).Select(m => m.Value).FirstOrDefault();

    private static readonly string[] s_lists = ["diagnostics", "steps", "projects", "networks", "ports", "leases", "addresses", "forwards", "revisions", "left", "uplinks", "subnets", "seen", "sandboxes"];

    private const string Change = "project file changes steps outcome revision why deadline left repaired token port";

    private static readonly Dictionary<string, string> s_members = new()
    {
        ["plan"] = "project file changes steps repaired token open", ["apply"] = Change, ["destroy"] = Change, ["port add"] = Change, ["port rm"] = Change, ["confirm"] = Change, ["rollback"] = Change,
        ["port show"] = "ports open", ["diff"] = "projects repaired open", ["show"] = "networks ports leases addresses forwards open", ["history"] = "revisions open", ["validate"] = "", ["import"] = "project findings yaml", ["export"] = "files", ["schema"] = "schema", ["completion"] = "script", ["apply --boot"] = "projects repaired",
    };

    private static void Said(Call call, Ended ended)
    {
        Assert.DoesNotContain('\u001b', ended.Output + ended.Errors);
        Assert.False(Programmers().IsMatch(ended.Output + ended.Errors), $"weft {call.Line}:\n{ended.Output}{ended.Errors}");
        if (call.ExitCode == 1) Assert.Matches(new Regex(@"(?m)^weft: |error WEFT\d{4}"), ended.Errors);
    }

    // A verb that has verbs below it stands for them.
    private static IEnumerable<string> Verbs(string above) => Offered(above).Where(w => !w.StartsWith('-') && !w.StartsWith(':'))
        .SelectMany(v => above.Length == 0 && Offered($"{v} ") is var below && v is "port" or "sandbox" or "import" or "export" or "adopt" ? below.Select(b => $"{v} {b}") : [v]);

    private static string[] Offered(string line) =>
        [.. WeftProgram.Succeed(["complete", "--", .. line.Split(' ')]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0])];
}
