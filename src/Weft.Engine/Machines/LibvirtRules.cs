using System.Globalization;
using System.Text;
using Weft.Engine.Host;

namespace Weft.Engine.Machines;

/// <summary>
/// Takes libvirt's filter and NAT rules of one network away, with the tools that libvirt made them with (viriptables.c, network_nftables.c): in chains LIBVIRT_* of iptables, or since libvirt 10.4
/// in tables libvirt_network of nft. Its chains stay, as they do when it stops a network.
/// </summary>
internal static class LibvirtRules
{
    private static readonly string[] Programs = ["iptables", "ip6tables"], Families = ["ip", "ip6"];

    /// <summary>Takes them away; those that are gone already are no fault.</summary>
    /// <param name="bridge">The network's bridge.</param>
    /// <param name="subnets">Its subnets, as "192.168.122.0/24": source translation names them, not the bridge.</param>
    /// <exception cref="IOException">A tool refused.</exception>
    public static void Remove(string bridge, IReadOnlyList<string> subnets)
    {
        foreach (var program in Programs)
            if (HostTool.TryRun($"{program}-save") is { } saved)
                if (OfIptables(saved, bridge, subnets) is { Length: > 0 } change) HostTool.TryFeed($"{program}-restore", change, "-w", "--noflush");
        foreach (var family in Families)
            if (Tables(family) && HostTool.TryRun("nft", "-a", "list", "table", family, Table) is { } listed)
                foreach (var (chain, handle) in OfNft(listed, bridge, subnets)) HostTool.TryRun("nft", "delete", "rule", family, Table, chain, "handle", handle);
    }

    /// <summary>Whether libvirt has rules of a network.</summary>
    /// <inheritdoc cref="Remove"/>
    public static bool Has(string bridge, IReadOnlyList<string> subnets) =>
        Programs.Any(p => HostTool.TryRun($"{p}-save") is { } saved && OfIptables(saved, bridge, subnets).Length > 0)
        || Families.Any(f => Tables(f) && HostTool.TryRun("nft", "-a", "list", "table", f, Table) is { } listed && OfNft(listed, bridge, subnets).Any());

    private const string Table = "libvirt_network";

    private static bool Tables(string family) => HostTool.TryRun("nft", "list", "tables", family)?.Split('\n').Contains($"table {family} {Table}") == true;

    /// <summary>What iptables-restore takes the network's rules away by, from the output of iptables-save; "" when there are none.</summary>
    internal static string OfIptables(string saved, string bridge, IReadOnlyList<string> subnets)
    {
        var change = new StringBuilder();
        foreach (var table in saved.Split('*').Skip(1))
        {
            var rules = table.Split('\n').Where(l => l.StartsWith("-A LIBVIRT_", StringComparison.Ordinal) && Names(l.Split(' '), ["-i", "-o"], bridge, "-s", subnets)).ToList();
            if (rules.Count > 0) change.Append(CultureInfo.InvariantCulture, $"*{table.Split('\n')[0]}\n{string.Concat(rules.Select(r => $"-D{r[2..]}\n"))}COMMIT\n");
        }
        return change.ToString();
    }

    /// <summary>Chains and handles of the network's rules, from the output of nft -a.</summary>
    internal static IEnumerable<(string Chain, string Handle)> OfNft(string listed, string bridge, IReadOnlyList<string> subnets)
    {
        var chain = "";
        foreach (var line in listed.Split('\n').Select(l => l.Trim()))
        {
            var words = line.Split(' ');
            if (words is ["chain", var name, "{", ..]) chain = name;
            else if (words is [.., "#", "handle", var handle] && Names(words, ["iif", "oif", "iifname", "oifname"], $"\"{bridge}\"", "saddr", subnets)) yield return (chain, handle);
        }
    }

    private static bool Names(string[] words, string[] ways, string link, string source, IReadOnlyList<string> subnets) =>
        words.Zip(words.Skip(1)).Any(p => (p.Second == link && ways.Contains(p.First)) || (p.First == source && subnets.Contains(p.Second)));
}
