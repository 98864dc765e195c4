using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Weft.Lab.Tests.Cli;

/// <summary>weft through a daemon: that of its own host, and those of others over TLS and ssh.</summary>
public sealed class RemoteTests
{
    [Fact]
    public void A_daemon_that_was_killed_is_not_missed()
    {
        using var lab = new CliLab();
        var file = lab.Write("lab.yaml", CliLab.Project);
        var daemon = lab.StartDaemon();
        Assert.Equal(0, lab.Weft("apply", file, "--yes").ExitCode);
        Assert.Contains("/v1/apply", File.ReadAllText(lab.Path("audit.jsonl")), StringComparison.Ordinal);
        daemon.Kill();
        daemon.WaitForExit();
        Assert.True(File.Exists(lab.Socket));
        Assert.Equal(0, lab.Weft("plan", file).ExitCode);
        Assert.Equal(0, lab.Weft("destroy", "lab", "--yes").ExitCode);
    }

    [Fact]
    public void A_daemon_that_hangs_is_passed_by_with_a_word()
    {
        using var lab = new CliLab();
        var daemon = lab.StartDaemon();
        var file = lab.Write("lab.yaml", CliLab.Project);
        Assert.Equal(2, lab.Weft("plan", file).ExitCode); // it has made its database: stopped amid that it would hold it locked
        using (var stop = Process.Start("kill", ["-STOP", $"{daemon.Id}"])) stop.WaitForExit();
        var ended = lab.Weft("plan", file);
        Assert.True(ended.ExitCode == 2, $"{ended.Output}{ended.Errors}");
        Assert.Contains("weftd does not answer", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_the_sockets_place_is_left_there()
    {
        using var lab = new CliLab();
        var file = lab.Write("precious", "mine");
        var ended = WeftProgram.RunProgram(WeftProgram.Daemon, ["--netns", lab.Host, "--state", lab.State, "--socket", file]);
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("what is there is no socket", ended.Errors, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void A_token_that_is_none_is_not_sent()
    {
        var ended = WeftProgram.RunProgram(WeftProgram.Path, ["show", "--host", $"https://127.0.0.1:{FreePort()}"], environment: ("WEFT_TOKEN", "x\ny"));
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("WEFT_TOKEN: what it holds is no token", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cursor_of_the_history_holds_beside_a_daemon()
    {
        using var lab = new CliLab();
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", CliLab.Project), "--yes").ExitCode);
        lab.StartDaemon();
        Assert.Contains("applied", lab.Weft("events", "--since", "history-0").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hosts_own_daemon_is_passed_by_where_it_is_told_so()
    {
        using var lab = new CliLab();
        lab.StartDaemon();
        Assert.Equal(0, lab.Weft("apply", lab.Write("lab.yaml", CliLab.Project), "--yes", "--no-daemon").ExitCode);
        Assert.False(File.Exists(lab.Path("audit.jsonl")) && File.ReadAllText(lab.Path("audit.jsonl")).Contains("/v1/apply", StringComparison.Ordinal));
    }

    [Fact]
    public void The_terminals_own_connection_is_probed_by_weft_itself()
    {
        using var lab = new CliLab();
        lab.StartDaemon();
        var ended = lab.Weft(["apply", lab.Write("lab.yaml", CliLab.Project), "--yes", "--probe", "ssh"], environment: ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22"));
        Assert.Equal(3, ended.ExitCode); // the lab has no such connection
        Assert.Contains("the SSH client 192.0.2.1:50000", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wb-dev", lab.OnHost("ip -br link"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_is_a_host_too()
    {
        using var lab = new CliLab();
        lab.StartDaemon();
        var (file, host) = (lab.Write("lab.yaml", CliLab.Project), $"unix:{lab.Socket}");
        Assert.Equal(2, WeftProgram.Run("--host", host, "plan", file).ExitCode);
        Assert.Equal(0, WeftProgram.Run("apply", file, "--yes", "--host", host).ExitCode);
        Assert.Contains("wb-dev", WeftProgram.Succeed("show", "networks", "--host", host), StringComparison.Ordinal);
        var undone = WeftProgram.Run("apply", lab.Write("lab.yaml", CliLab.Project + "  app2: dev\n"), "--yes", "--host", host, "--probe", "ping:192.0.2.99");
        Assert.Equal(3, undone.ExitCode);
        Assert.Contains("everything was taken back", undone.Errors, StringComparison.Ordinal);
        Assert.Contains("probing ..", undone.Errors, StringComparison.Ordinal);
        Assert.Contains("(asked for 35 s)", undone.Errors, StringComparison.Ordinal);
        Assert.Equal(0, WeftProgram.Run("destroy", "lab", "--yes", "--host", host).ExitCode);
    }

    [Fact]
    public void A_faulty_host_of_the_file_is_no_fault_of_the_others()
    {
        using var lab = new CliLab();
        lab.StartDaemon();
        Hosts(lab, $$"""
            hosts:
              bad: { url: "https://bad.example.com", colour: red }
              "worse one": { url: nonsense }
              good: { url: "unix:{{lab.Socket}}" }
            """);
        Assert.Equal(0, Remote(lab, "show", "--host", "good").ExitCode);
        Assert.Contains("hosts.bad: unknown key 'colour'", Remote(lab, "show", "--host", "bad").Errors, StringComparison.Ordinal);
        Assert.Contains("hosts.yaml:3:", Remote(lab, "show", "--host", "worse one").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_host_cannot_do_is_said()
    {
        Refused("--host: the daemon there has its own namespace and state", "show", "--host", "unix:/nowhere", "--netns", "x");
        Refused("this is for the host it runs on only", "sandbox", "list", "--host", "alpha");
        Refused("weftd of unix:/nowhere: no weftd listens at /nowhere", "show", "--host", "unix:/nowhere");
        Refused("--host -oProxyCommand=id: name a host", "show", "--host=-oProxyCommand=id");
        Refused("--host a b: name a host", "show", "--host", "a b");
        Refused("Connection refused", "show", "--host", $"https://127.0.0.1:{FreePort()}");
    }

    [Fact]
    public void Another_host_is_reached_by_TLS_with_a_token()
    {
        using var lab = new CliLab();
        var port = FreePort();
        WriteCertificates(lab);
        var config = lab.Write("weftd.yaml", $$"""
            listen: 127.0.0.1:{{port}}
            tls: { certificate: {{lab.Path("cert.pem")}}, key: {{lab.Path("key.pem")}} }
            """);
        var token = lab.Write("token", WeftProgram.RunProgram(WeftProgram.Daemon, ["token", "add", "ops", "--role", "operator", "--netns", lab.Host, "--state", lab.State]).Output);
        lab.StartDaemon("--config", config);
        Hosts(lab, $$"""
            hosts:
              alpha: { url: "https://localhost:{{port}}", authorities: {{lab.Path("ca.pem")}}, token_file: {{token}} }
              stranger: { url: "https://localhost:{{port}}", token_file: {{token}} }
              missing: { url: "https://localhost:{{port}}", authorities: {{lab.Path("none.pem")}}, token_file: {{token}} }
              foreign: { url: "https://localhost:{{port}}", authorities: {{lab.Path("other.pem")}}, token_file: {{token}} }
              empty: { url: "https://localhost:{{port}}", authorities: {{token}}, token_file: {{token}} }
              elsewhere: { url: "https://127.0.0.1:{{port}}", authorities: {{lab.Path("ca.pem")}}, token_file: {{token}} }
              nobody: { url: "https://localhost:{{port}}", authorities: {{lab.Path("ca.pem")}} }
            """);
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains($"chmod 600 {token}", Remote(lab, "show", "--host", "alpha").Errors, StringComparison.Ordinal);
        File.SetUnixFileMode(token, UnixFileMode.UserRead);
        Assert.Equal(0, Remote(lab, "apply", lab.Write("lab.yaml", CliLab.Project), "--yes", "--host", "alpha").ExitCode);
        Assert.Contains("wb-dev", Remote(lab, "show", "--host", "alpha").Output, StringComparison.Ordinal);
        Assert.Contains("ops", Remote(lab, "history", "--host", "alpha").Output, StringComparison.Ordinal);
        Assert.Contains("its certificate (CN=localhost) was issued by CN=localhost, for whom nobody that this system trusts vouches", Remote(lab, "show", "--host", "stranger").Errors, StringComparison.Ordinal);
        Assert.Contains($"for whom nobody in {lab.Path("other.pem")} vouches: name the file", Remote(lab, "show", "--host", "foreign").Errors, StringComparison.Ordinal);
        Assert.Contains($"read the authorities of host missing, {lab.Path("none.pem")}: no such file", Remote(lab, "show", "--host", "missing").Errors, StringComparison.Ordinal);
        Assert.Contains($"{token}: there is none in PEM", Remote(lab, "show", "--host", "empty").Errors, StringComparison.Ordinal);
        Assert.Contains("is for another host than 127.0.0.1", Remote(lab, "show", "--host", "elsewhere").Errors, StringComparison.Ordinal);
        Assert.Contains("nobody: ", Remote(lab, "show", "--host", "nobody").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_host_is_reached_by_ssh()
    {
        using var lab = new CliLab();
        var daemon = lab.StartDaemon();
        Directory.CreateDirectory(lab.Path("bin"));
        // What ssh does, without a network and its keys: the words that follow the host are a command line there.
        File.WriteAllText(lab.Path("bin/ssh"), $"#!/bin/sh\necho \"$@\" >{lab.Path("ssh.words")}\nwhile [ \"$1\" != -- ]; do shift; done\nshift 2\nexec \"$@\"\n");
        File.WriteAllText(lab.Path("bin/weft"), $"#!/bin/sh\nexec {WeftProgram.Path} {lab.Where} \"$@\"\n");
        foreach (var name in new[] { "bin/ssh", "bin/weft" }) File.SetUnixFileMode(lab.Path(name), (UnixFileMode)0b111_101_101);
        var path = ("PATH", $"{lab.Path("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
        Ended Weft(params string[] arguments) => WeftProgram.RunProgram(WeftProgram.Path, arguments, environment: path);
        Assert.Equal(0, Weft("apply", lab.Write("lab.yaml", CliLab.Project), "--yes", "--host", "ssh://ops@alpha:2222").ExitCode);
        Assert.Equal("-T -p 2222 -- ops@alpha weft dial\n", File.ReadAllText(lab.Path("ssh.words")));
        Assert.Contains("wb-dev", Weft("show", "--host", "alpha").Output, StringComparison.Ordinal);
        Assert.Equal("-T -- alpha weft dial\n", File.ReadAllText(lab.Path("ssh.words")));
        daemon.Kill();
        daemon.WaitForExit();
        var ended = Weft("show", "--host", "alpha");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("no weftd listens at", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("ssh to alpha ended before weftd answered", ended.Errors, StringComparison.Ordinal);
    }

    /// <summary>Whether it ends before or after the request was written to it.</summary>
    [Theory]
    [InlineData("exec <&-; exit 255")]
    [InlineData("read line; exit 255")]
    public void Ssh_that_ends_is_told_as_such(string script)
    {
        using var lab = new CliLab();
        Directory.CreateDirectory(lab.Path("bin"));
        var ssh = lab.Write("bin/ssh", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(ssh, (UnixFileMode)0b111_101_101);
        var ended = WeftProgram.RunProgram(WeftProgram.Path, ["show", "--host", "alpha"], environment: ("PATH", $"{lab.Path("bin")}:{Environment.GetEnvironmentVariable("PATH")}"));
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("ssh to alpha ended before weftd answered", ended.Errors, StringComparison.Ordinal);
    }

    private static void Refused(string why, params string[] arguments)
    {
        var ended = WeftProgram.Run(arguments);
        Assert.Equal(1, ended.ExitCode);
        Assert.Matches(why.Replace("+", "\\+", StringComparison.Ordinal), ended.Errors);
    }

    private static Ended Remote(CliLab lab, params string[] arguments) => WeftProgram.RunProgram(WeftProgram.Path, arguments, environment: ("XDG_CONFIG_HOME", lab.Path("config")));

    private static void Hosts(CliLab lab, string text)
    {
        Directory.CreateDirectory(lab.Path("config/weft"));
        File.WriteAllText(lab.Path("config/weft/hosts.yaml"), text);
    }

    private static void WriteCertificates(CliLab lab)
    {
        WriteCertificate(lab, "other.pem", "other-key.pem");
        lab.Write("cert.pem", File.ReadAllText(WriteCertificate(lab, "ca.pem", "key.pem")));
    }

    private static string WriteCertificate(CliLab lab, string name, string itsKey)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var own = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        lab.Write(itsKey, key.ExportPkcs8PrivateKeyPem());
        return lab.Write(name, own.ExportCertificatePem());
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
