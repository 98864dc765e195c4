using System.Diagnostics;
using Weft.Core.Resources;
using Weft.Linux.NetNs;

namespace Weft.Engine.Dhcp;

/// <summary>
/// Lets the host itself ask for names of Weft's. Where systemd-resolved is the host's resolver it is told, for one link of Weft's, which domains are to be asked
/// there (resolvectl(1)); it forgets that with the link. Where it is not, nothing is changed: dnsmasq answers at 127.0.0.87, which the administrator may name
/// as first server in resolv.conf(5); it passes all other names on to the ones after it.
/// </summary>
/// <param name="folder">systemd-resolved's runtime folder.</param>
/// <param name="program">resolvectl.</param>
internal sealed class HostResolver(string folder = "/run/systemd/resolve", string program = "resolvectl")
{
    // Written when it was told, so that the next change of a scope costs nothing.
    private const string Memory = "resolver";

    /// <summary>Whether the calling thread is in the network namespace that systemd-resolved is in: links of others are none of its.</summary>
    internal static bool IsHere => new FileInfo("/proc/1/ns/net").LinkTarget == $"net:[{NetNamespace.CurrentInode}]";

    /// <summary>Whether the host asks systemd-resolved for names.</summary>
    internal bool IsInUse(string resolvConf) =>
        File.Exists($"{folder}/io.systemd.Resolve") && File.Exists(resolvConf) && File.ReadLines(resolvConf).Any(l => l.TrimEnd() == "nameserver 127.0.0.53");

    /// <summary>Tells systemd-resolved the domains, unless it knows.</summary>
    /// <exception cref="DhcpException">It refused.</exception>
    internal void Point(DhcpPaths paths, IEnumerable<DhcpScopeResource> scopes)
    {
        var answering = scopes.Where(s => s.Dns).OrderBy(s => s.Link, StringComparer.Ordinal).ToList();
        if (answering.Count == 0) return;
        var (link, server) = (answering[0].Link, answering[0].Ranges[0].Gateway.ToString());
        string[] domains = [.. answering.Select(s => "~" + Parent(s.Domain)).Distinct().Order(StringComparer.Ordinal)];
        var wanted = $"{link} {server} {string.Join(' ', domains)}";
        var memory = Path.Combine(paths.Run, Memory);
        if (File.Exists(memory) && File.ReadAllText(memory) == wanted) return;
        Tell("dns", link, server);
        Tell("domain", [link, .. domains]);
        Tell("default-route", link, "false");
        Tell("dnssec", link, "no"); // nobody signs them
        WholeFile.Write(memory, wanted, WholeFile.Public);
    }

    internal static void Forget(DhcpPaths paths) => File.Delete(Path.Combine(paths.Run, Memory));

    // dev.weft and ops.weft are asked for by weft, which nobody else has; below a real domain each network stands for itself.
    private static string Parent(string domain) =>
        domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..] is var parent && parent.Contains('.', StringComparison.Ordinal) ? domain : parent;

    private void Tell(string verb, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, [verb, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        _ = output.Result;
        if (process.ExitCode != 0) throw new DhcpException($"{program} {verb} {string.Join(' ', arguments)}: {said} (exit code {process.ExitCode}); is systemd-resolved running? (systemctl status systemd-resolved)");
    }
}
