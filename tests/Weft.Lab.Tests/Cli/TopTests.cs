using System.Diagnostics;
using System.Text;
using Weft.Linux.NetNs;
using Weft.Linux.Tap;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>weft top on a terminal (script(1) gives one): it draws within its size, listens to keys, and leaves the terminal as it was.</summary>
public sealed class TopTests
{
    private const string First = "\e[?1049l";

    [Fact]
    public void It_listens_to_keys_and_leaves_the_terminal_as_it_was()
    {
        using var lab = new CliLab();
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", CliLab.Project), "--yes").ExitCode);
        using var terminal = Open(lab, "stty rows 24 cols 80; before=$(stty -g)", "[ \"$before\" = \"$(stty -g)\" ] && echo same");
        Until(terminal, "ports 1-1 of 1 by rate");
        Type(terminal, "s");
        Until(terminal, "by packets");
        Type(terminal, "\e[C");
        Until(terminal, "networks 1-2 of 2");
        Type(terminal, "q");
        var rest = Until(terminal, "same"); // after the first screen is back
        Assert.Contains(First, rest, StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_is_longer_than_the_terminal_and_no_screen_higher()
    {
        using var lab = new CliLab();
        var many = CliLab.Project + string.Concat(Enumerable.Range(0, 40).Select(i => $"  a-machine-with-a-long-name-{i}: dev\n"));
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", many), "--yes").ExitCode);
        using var terminal = Open(lab, "stty rows 24 cols 80", "true");
        var screen = Until(terminal, "\e[J").Split("\e[H")[^1];
        var lines = screen.Replace("\e[K", "", StringComparison.Ordinal).Replace("\e[J", "", StringComparison.Ordinal).Split('\n').Select(l => l.TrimEnd('\r')).ToList(); // the terminal adds one of its own
        Assert.Equal(24, lines.Count);
        Assert.All(lines, l => Assert.True(l.Length <= 80, l));
        Type(terminal, "q");
        terminal.WaitForExit();
    }

    [Fact]
    public void An_interrupt_leaves_the_terminal_as_it_was()
    {
        using var lab = new CliLab();
        using var terminal = Open(lab, "trap : INT; stty rows 24 cols 80", "echo ended $?"); // an sh that does not catch it ends with it
        Until(terminal, "ports 0-0 of 0");
        Type(terminal, "\u0003");
        Assert.Contains(First, Until(terminal, "ended 0"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_it_says_what_to_do()
    {
        using var lab = new CliLab();
        var ended = lab.Weft("top");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("--once", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_looks_measure_what_flows()
    {
        using var lab = new CliLab();
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", CliLab.Project), "--yes").ExitCode);
        using var tap = NetNamespace.Run(lab.Host, () => TapDevice.Open("wt-app1")); // gives the bridge its carrier
        using var flood = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", lab.Host, "ping", "-q", "-f", "-b", "-s", "1000", "10.20.0.255"]) { RedirectStandardOutput = true, RedirectStandardError = true })!; // to everybody: answered by nobody
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Sent(lab, "dev") > 1000, TimeSpan.FromMinutes(1)), "nothing flows"); // far more than the bridge takes to hear of the carrier
            Assert.True(Sent(lab, "office") < Sent(lab, "dev"));
        }
        finally
        {
            flood.Kill();
            flood.WaitForExit();
        }
    }

    private static double Sent(CliLab lab, string network) => CliLab.Document(lab.Weft("top", "--json")).GetProperty("networks").EnumerateArray()
        .Single(n => n.GetProperty("network").GetString() == network).GetProperty("transmitBitsPerSecond").GetDouble();

    private static Process Open(CliLab lab, string before, string after)
    {
        var info = new ProcessStartInfo("script", ["-qec", $"{before}; {WeftProgram.Path} {lab.Where} --no-color top; {after}", "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        info.Environment["TERM"] = "xterm";
        return Process.Start(info)!;
    }

    private static void Type(Process terminal, string keys)
    {
        terminal.StandardInput.Write(keys);
        terminal.StandardInput.Flush();
    }

    // What the terminal shows until a text has come.
    private static string Until(Process terminal, string text)
    {
        var shown = new StringBuilder();
        var buffer = new char[4096];
        while (!shown.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = terminal.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask();
            Assert.True(read.Wait(TimeSpan.FromMinutes(1)) && read.Result > 0, $"'{text}' does not come:\n{shown}"); // far more than it takes
            shown.Append(buffer, 0, read.Result);
        }
        return shown.ToString();
    }
}
