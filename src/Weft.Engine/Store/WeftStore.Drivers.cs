using Weft.Engine.Drivers;
using Weft.Engine.Host.Uplink;

namespace Weft.Engine.Store;

/// <summary>What drivers keep: how settings and NICs were before.</summary>
public sealed partial class WeftStore : IUplinkStore, ISysctlStore
{
    /// <inheritdoc/>
    IReadOnlyCollection<string> IUplinkStore.Nics => _db.List(r => r.GetString(0), "SELECT nic FROM uplink ORDER BY nic");

    /// <inheritdoc/>
    string? IUplinkStore.Load(string nic) => (string?)_db.One("SELECT json FROM uplink WHERE nic = ?1", nic);

    /// <inheritdoc/>
    void IUplinkStore.Save(string nic, string json) => _db.Run("INSERT OR REPLACE INTO uplink(nic, json) VALUES (?1, ?2)", nic, json);

    /// <inheritdoc/>
    void IUplinkStore.Delete(string nic) => _db.Run("DELETE FROM uplink WHERE nic = ?1", nic);

    /// <inheritdoc/>
    IReadOnlyList<SysctlEntry> ISysctlStore.All() => _db.List(
        r => new SysctlEntry(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4)), "SELECT path, owner, network, value, original FROM sysctl ORDER BY path");

    /// <inheritdoc/>
    void ISysctlStore.Put(IReadOnlyCollection<SysctlEntry> entries) =>
        _db.Whole(() => _db.Each(entries, "INSERT OR REPLACE INTO sysctl(path, owner, network, value, original) VALUES (?1, ?2, ?3, ?4, ?5)", e => [e.Path, e.Owner, e.Network, e.Value, e.Original]));

    /// <inheritdoc/>
    void ISysctlStore.Remove(IReadOnlyCollection<string> paths) => _db.Whole(() => _db.Each(paths, "DELETE FROM sysctl WHERE path = ?1", p => [p]));
}
