using Weft.Core.Spec.Daemon;
using System.Globalization;

namespace Weft.Daemon.Security;

/// <summary>What users of this host may: root and the group weft all, the group weft-view look.</summary>
internal static class PeerRoles
{
    private const string Admins = "weft", Viewers = "weft-view";

    /// <summary>Who that is; null for a user who has no business here.</summary>
    /// <param name="peer">The process at the other end.</param>
    internal static Caller? Of(Peer peer)
    {
        var role = peer.User == 0 || IsIn(peer, Admins) ? Role.Admin : IsIn(peer, Viewers) ? Role.Viewer : (Role?)null;
        return role is { } r ? new Caller(UserName(peer.User), $"process {peer.Process}", r) { IsLocal = true } : null;
    }

    // Read each time: a user who is put into the group need not wait for the daemon to start again.
    private static bool IsIn(Peer peer, string group) => Lines("/etc/group").Where(f => f[0] == group && f.Length > 2)
        .Any(f => uint.TryParse(f[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && peer.Groups.Contains(id));

    private static string UserName(uint user)
    {
        var id = user.ToString(CultureInfo.InvariantCulture);
        return Lines("/etc/passwd").FirstOrDefault(f => f.Length > 2 && f[2] == id)?[0] ?? $"uid {id}";
    }

    private static IEnumerable<string[]> Lines(string path) => File.Exists(path) ? File.ReadLines(path).Select(l => l.Split(':')) : [];
}
