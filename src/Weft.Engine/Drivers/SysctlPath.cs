namespace Weft.Engine.Drivers;

/// <summary>What the path of a kernel setting says.</summary>
internal static class SysctlPath
{
    /// <summary>The link a setting is of: net/ipv4/conf/LINK/..., net/ipv6/neigh/LINK/...; null when it is of none.</summary>
    public static string? LinkOf(string path) => path.Split('/') is ["net", "ipv4" or "ipv6", "conf" or "neigh", not ("all" or "default"), _] parts ? parts[3] : null;

    /// <summary>The same setting of links to come.</summary>
    public static string DefaultOf(string path)
    {
        var parts = path.Split('/');
        parts[3] = "default";
        return string.Join('/', parts);
    }
}
