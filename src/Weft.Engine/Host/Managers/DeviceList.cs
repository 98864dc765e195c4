namespace Weft.Engine.Host.Managers;

/// <summary>"Device List Format" of NetworkManager.conf(5).</summary>
internal static class DeviceList
{
    private const string Except = "except:";

    /// <summary>The items of a list.</summary>
    public static List<string> Split(string list) => [.. list.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Whether a NIC is in it: an exception beats all others, and a list of nothing but exceptions has all the rest.</summary>
    public static bool Matches(List<string> items, Nic nic)
    {
        var exceptions = items.FindAll(i => i.StartsWith(Except, StringComparison.Ordinal));
        if (exceptions.Exists(e => Is(e[Except.Length..], nic))) return false;
        return items.Count > exceptions.Count ? items.Except(exceptions).Any(i => Is(i, nic)) : exceptions.Count > 0;
    }

    private static bool Is(string item, Nic nic) => item.Split(':', 2) switch
    {
        ["*"] => true,
        ["interface-name", ['=', .. var name]] => nic.Names.Contains(name),
        ["interface-name", ['~', .. var pattern]] => nic.IsNamed(pattern),
        ["interface-name", var pattern] => nic.IsNamed(pattern),
        ["mac", var mac] => nic.HasMac(mac),
        ["driver", var pattern] => Glob.Matches(pattern, nic.Driver),
        ["type", var type] => type == (nic.Wireless ? "wifi" : nic.Kind.Length > 0 ? nic.Kind : "ethernet"),
        _ => nic.HasMac(item) || nic.Names.Contains(item),
    };
}
