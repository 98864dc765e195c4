using Weft.Core.Resources;

namespace Weft.Engine.Drivers;

/// <summary>All drivers of a host: one for every kind of resource.</summary>
public sealed class DriverSet : IDisposable
{
    private readonly IReadOnlyList<IDriver> _drivers;
    private readonly IDriver?[] _byKind = new IDriver?[Enum.GetValues<ResourceKind>().Length];

    /// <summary>Ties drivers together.</summary>
    /// <param name="drivers">Each kind once.</param>
    public DriverSet(IReadOnlyList<IDriver> drivers)
    {
        _drivers = drivers;
        foreach (var d in drivers)
            foreach (var kind in d.Kinds) _byKind[(int)kind] = d;
    }

    /// <summary>The driver of a kind.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public IDriver Of(ResourceKind kind) => _byKind[(int)kind] ?? throw new NotSupportedException($"no driver serves {kind}");

    /// <summary>Tells every driver that all steps are through.</summary>
    /// <exception cref="IOException">What must come last failed.</exception>
    public void Finish()
    {
        foreach (var d in _drivers) d.Finish();
    }

    /// <summary>What is on the host and Weft's, by key.</summary>
    /// <param name="scope">All of it, or some keys: then only drivers that serve one of them look.</param>
    /// <param name="isWanted">Only drivers that serve one of these kinds look; null for all.</param>
    public IReadOnlyDictionary<ResourceKey, Resource> Read(ReadScope scope, Func<ResourceKind, bool>? isWanted = null)
    {
        var found = new Dictionary<ResourceKey, Resource>();
        var keys = scope.Keys?.ToLookup(k => Of(k.Kind));
        foreach (var driver in _drivers)
            if ((keys is null || keys.Contains(driver)) && (isWanted is null || driver.Kinds.Any(isWanted)))
                foreach (var r in driver.Read(keys is null ? scope : scope.Of([.. keys[driver]]))) found[r.Key] = r;
        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var d in _drivers.OfType<IDisposable>()) d.Dispose();
    }
}
