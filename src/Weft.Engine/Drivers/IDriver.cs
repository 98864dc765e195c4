using System.Runtime.CompilerServices;
using Weft.Core.Resources;
using Weft.Linux.Route;

namespace Weft.Engine.Drivers;

/// <summary>What is read from the host: everything tagged as Weft's, or only some keys (so that cost follows the change).</summary>
/// <param name="Keys">Null reads all that is Weft's.</param>
public sealed record ReadScope(IReadOnlyCollection<ResourceKey>? Keys)
{
    private readonly StrongBox<LinkTable?> _links = new();

    /// <summary>Everything that is Weft's.</summary>
    public static ReadScope All => new((IReadOnlyCollection<ResourceKey>?)null);

    /// <summary>The links, which the drivers that read in one go ask for once.</summary>
    internal LinkTable Links(RouteSocket route) => _links.Value ??= new LinkTable(route);

    /// <summary>Some keys of it, read in the same go.</summary>
    internal ReadScope Of(IReadOnlyCollection<ResourceKey> keys) => this with { Keys = keys };

    /// <summary>The names asked for of a kind; null when everything is.</summary>
    public HashSet<string>? Names(ResourceKind kind) => Keys?.Where(k => k.Kind == kind).Select(k => k.Name).ToHashSet();
}

/// <summary>
/// Reads and changes one or more kinds of resources. It knows no mode. It runs on a thread that is in the target network namespace.
/// Carrying out a step is idempotent: creating what is there as wanted and deleting what is absent succeed, because a crash is repaired by doing
/// steps again.
/// </summary>
public interface IDriver
{
    /// <summary>The kinds it serves.</summary>
    IReadOnlyList<ResourceKind> Kinds { get; }

    /// <summary>The resources of these kinds that are on the host and are Weft's, whatever project owns them.</summary>
    IEnumerable<Resource> Read(ReadScope scope);

    /// <summary>Carries out steps of its kinds, in order, as one batch (one netlink send, one nft transaction, one file).</summary>
    /// <exception cref="IOException">A step was refused; steps before it in the batch may have been carried out.</exception>
    void Apply(IReadOnlyList<Step> steps);

    /// <summary>Called once when all steps of a change, or of its undoing, are through: for what must come last.</summary>
    /// <exception cref="IOException">It failed; the steps stay carried out.</exception>
    void Finish() { }
}
