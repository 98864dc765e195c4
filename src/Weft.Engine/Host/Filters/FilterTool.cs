namespace Weft.Engine.Host.Filters;

/// <summary>A program that keeps a packet filter, told by its chains, and its own way to let more through. BRIDGE stands for a network's bridge.</summary>
/// <param name="Name">docker, ufw, firewalld; "" for the administrator's own rules.</param>
/// <param name="Forward">What lets forwarded packets through.</param>
/// <param name="Input">What lets DHCP and DNS requests to the host through.</param>
/// <param name="Rejects">Why its forward chain drops although the chain's policy is accept; null when it does not.</param>
internal sealed record FilterTool(string Name, string? Forward, string? Input, string? Rejects = null)
{
    private const string Ufw = "ufw", Firewalld = "firewall-cmd --permanent --zone=trusted --add-interface=BRIDGE; firewall-cmd --reload";

    /// <summary>Who keeps a table.</summary>
    /// <param name="family">ip, ip6, inet or bridge.</param>
    /// <param name="table">Its name.</param>
    /// <param name="chains">Names of its chains.</param>
    public static FilterTool Of(string family, string table, IReadOnlyCollection<string> chains)
    {
        var (docker, ufw) = (chains.Contains("DOCKER-USER"), chains.Any(c => c.StartsWith(Ufw, StringComparison.Ordinal)));
        return (family, table) switch
        {
            ("ip" or "ip6", "docker-bridges") => new("docker", "set \"ip-forward-no-drop\": true in /etc/docker/daemon.json and restart docker", null),
            ("ip" or "ip6", _) when docker => new("docker", Docker(family == "ip" ? "iptables" : "ip6tables"), ufw ? UfwIn : Rule(family, table)),
            ("ip" or "ip6", _) when ufw => new(Ufw, "ufw route allow in on BRIDGE; ufw route allow out on BRIDGE", UfwIn),
            (_, "firewalld") => new("firewalld", Firewalld, Firewalld, "what no zone or policy lets through is rejected"),
            _ => new("", Rule(family, table), Rule(family, table)),
        };
    }

    private static string UfwIn => "ufw allow in on BRIDGE";

    private static string Docker(string tool) => $"{tool} -I DOCKER-USER -i BRIDGE -j ACCEPT; {tool} -I DOCKER-USER -o BRIDGE -j ACCEPT (and again at boot, after docker)";

    private static string Rule(string family, string table) => family == "bridge"
        ? $"let ports of Weft's bridges through in table {family} {table}"
        : $"accept packets that come in or go out by BRIDGE in table {family} {table}, in the file that it is loaded from";
}
