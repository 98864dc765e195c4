using Weft.Core.Resources;

namespace Weft.Engine.Drivers;

/// <summary>What is read from the host: everything tagged as Weft's, or only some keys (so that cost follows the change).</summary>
/// <param name="Keys">Null reads all that is Weft's.</param>
public sealed record ReadScope(IReadOnlyCollection<ResourceKey>? Keys)
{
    /// <summary>Everything that is Weft's.</summary>
    public static readonly ReadScope All = new((IReadOnlyCollection<ResourceKey>?)null);

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
