using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Weft.Core.Ipam;
using Weft.Core.Model;

namespace Weft.Engine.Store;

public sealed partial class WeftStore
{
    /// <summary>Everything that is given out.</summary>
    public AllocationState Allocations() => new(Networks, [.. _db.List(ReadPort, "SELECT json FROM port ORDER BY rowid")]);

    /// <summary>What networks were given, over all projects.</summary>
    public ImmutableArray<NetworkAllocation> Networks
    {
        get
        {
            var texts = _db.List(r => r.GetString(0), "SELECT json FROM network ORDER BY rowid");
            if (_networks is { } known && known.Texts.SequenceEqual(texts)) return known.Read;
            _networks = (texts, [.. texts.Select(t => StoreJson.Read(t, StoreJson.Default.NetworkAllocation))]);
            return _networks.Value.Read;
        }
    }

    // They change much less often than they are asked for: ports come and go beside them.
    private (List<string> Texts, ImmutableArray<NetworkAllocation> Read)? _networks;

    /// <summary>What the ports of a network were given, by machine.</summary>
    public IReadOnlyList<PortAllocation> PortsOn(NetworkAllocation network) =>
        _db.List(ReadPort, "SELECT json FROM port WHERE project = ?1 AND network = ?2 ORDER BY machine, nr", network.Project, network.Network);

    /// <summary>What the ports of a machine were given, on all networks of all projects.</summary>
    public IReadOnlyList<PortAllocation> PortsOf(string machine) => _db.List(ReadPort, $"SELECT p.json {OnEachNetwork} AND p.machine = ?1 ORDER BY n.rowid, p.nr", machine);

    /// <summary>The ports that a link's tag may mean.</summary>
    public IReadOnlyList<PortAllocation> PortsOf(LinkTag tag) =>
        _db.List(ReadPort, "SELECT json FROM port WHERE project = ?1 AND network = ?2 AND machine = ?3", tag.Owner, tag.Network, tag.Machine);

    /// <summary>The port of a network that has a MAC, or one of the MACs that the pattern of LIKE stands for.</summary>
    public IReadOnlyList<PortAllocation> PortsWithMac(string project, string network, string pattern) =>
        _db.List(ReadPort, "SELECT json FROM port WHERE project = ?1 AND network = ?2 AND mac LIKE ?3", project, network, pattern);

    /// <summary>The port that a hypervisor's link is, or null.</summary>
    public PortAllocation? PortBehind(string link) => _db.List(ReadPort, "SELECT json FROM port WHERE json_extract(json, '$.link') = ?1", link).FirstOrDefault();

    /// <summary>All ports that are a hypervisor's link.</summary>
    public IReadOnlyList<PortAllocation> GuestPorts => _db.List(ReadPort, "SELECT json FROM port WHERE json_extract(json, '$.link') > ''");

    /// <summary>Another text when a project comes, goes or gets another file, or when a setting is kept: ports come and go without changing it.</summary>
    public string FilesKey => string.Join('\n', _db.List(r => r.GetString(0),
        "SELECT p.name || ' ' || COALESCE(r.same, r.id) FROM project p JOIN revision r ON r.id = p.revision UNION ALL SELECT path || ' ' || owner FROM sysctl"));

    /// <summary>Tells one file of a project from the next: ports come and go without changing it. Null when there is no such project.</summary>
    public long? FileId(string project) => (long?)_db.One("SELECT COALESCE(r.same, r.id) FROM project p JOIN revision r ON r.id = p.revision WHERE p.name = ?1", project);

    /// <summary>Whether a port has the tap of that name.</summary>
    public bool HasTap(string tap) => _db.One("SELECT 1 FROM port WHERE tap = ?1", tap) is not null;

    /// <summary>Whether a port has that MAC, on whatever network.</summary>
    /// <param name="mac">As <see cref="Weft.Core.Model.MacAddress.ToString"/> has it.</param>
    public bool HasMac(string mac) => _db.One($"SELECT 1 {OnEachNetwork} AND p.mac = ?1 LIMIT 1", mac) is not null;

    // Ports are indexed by network first: one look-up a network is little beside a walk over thousands of ports.
    private const string OnEachNetwork = "FROM network n CROSS JOIN port p ON p.project = n.project AND p.network = n.name";

    private static PortAllocation ReadPort(SqliteDataReader r) => StoreJson.Read(r.GetString(0), StoreJson.Default.PortAllocation);
}
