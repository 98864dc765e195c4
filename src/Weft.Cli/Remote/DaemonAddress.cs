using System.Collections.Immutable;
using Weft.Core.Diagnostics;
using Weft.Core.Spec.Hosts;

namespace Weft.Cli.Remote;

/// <summary>Finds where the daemon of --host is.</summary>
internal static class DaemonAddress
{
    private const string Ssh = "ssh://";

    /// <summary>The files that name other hosts, one's own first.</summary>
    private static ImmutableArray<string> Files =>
        [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "weft", "hosts.yaml"), "/etc/weft/hosts.yaml"];

    /// <summary>An address as it is written, a name of the files, or else one that ssh knows.</summary>
    /// <exception cref="ArgumentException">It is none of these.</exception>
    /// <exception cref="IOException">It has faults in a file of hosts, or the file cannot be read.</exception>
    internal static HostSpec Of(string name)
    {
        if (HostUrl.TryParse(name, out var url)) return new HostSpec(name, url);
        if (Files.Where(File.Exists).SelectMany(f => Read(f)).FirstOrDefault(h => h.Name == name) is { } known) return known is { Host: { } host, Faults: [] } ? host : throw Faulty(known.Faults);
        return HostUrl.TryParse(Ssh + name, out url) ? new HostSpec(name, url)
            : throw new ArgumentException($"--host {name}: name a host of {string.Join(" or ", Files)}, one that ssh knows, or write https://HOST:PORT, ssh://USER@HOST or unix:/PATH");
    }

    private static ImmutableArray<HostEntry> Read(string file)
    {
        var faults = new DiagnosticBag();
        return HostsSpecReader.Load(file, File.ReadAllBytes(file), faults)?.Hosts ?? throw Faulty(faults.Items);
    }

    private static IOException Faulty(IEnumerable<Diagnostic> faults) => new(string.Join('\n', faults));
}
