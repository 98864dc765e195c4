using Weft.Linux.Netlink;

namespace Weft.Linux.Route;

/// <summary>
/// Changes in order, each with words that say what it does, to be carried out by <see cref="RouteSocket.Execute"/>. A link given an index
/// of its own can be addressed in the same batch. rtnetlink is not atomic: what comes after a refused change is still done.
/// </summary>
public sealed partial class RouteBatch
{
    private const ushort Create = Nlm.F_REQUEST | Nlm.F_CREATE | Nlm.F_EXCL;
    private const ushort Replace = Nlm.F_REQUEST | Nlm.F_CREATE | Nlm.F_REPLACE;
    private readonly List<Func<string>> _descriptions = [];
    private readonly Dictionary<int, string> _names = [];

    /// <summary>How many messages there are; some changes of links need two or three.</summary>
    public int Count => Writer.Count;

    /// <summary>What each message does, in order.</summary>
    public IReadOnlyList<string> Descriptions => [.. _descriptions.Select(d => d())];

    // Worded when it is refused: hundreds are not.
    internal string Describe(int message) => _descriptions[message]();

    internal NetlinkWriter Writer { get; } = new();

    /// <summary>Says the name of a link that is told by index alone, for the descriptions. Links made in this batch are known.</summary>
    public RouteBatch Know(int index, string name)
    {
        _names[index] = name;
        return this;
    }

    /// <summary>Forgets the changes and keeps the memory and the names.</summary>
    public void Clear()
    {
        Writer.Clear();
        _descriptions.Clear();
    }

    private NetlinkWriter Begin(ushort type, ushort flags, Func<string> description)
    {
        _descriptions.Add(description);
        return Writer.Begin(type, flags);
    }

    private string NameOf(int index) => index == 0 ? "any link" : _names.GetValueOrDefault(index) ?? $"link {index}";

    private string NameOf(LinkRef link) => link.Name ?? NameOf(link.Index);
}
