using Weft.Core.Resources;

namespace Weft.Engine.Reconcile;

/// <summary>Parts of what is on a host, so that only what may have changed is looked at.</summary>
[Flags]
internal enum DriftScope
{
    None = 0,
    /// <summary>Weft's nftables tables and what is in them.</summary>
    Filter = 1,
    /// <summary>Links, and all that goes when a link goes.</summary>
    Links = 2,
    /// <summary>Those two, and what nobody tells about: files of the host's own configuration.</summary>
    All = 7,
}

internal static class DriftScopes
{
    /// <summary>The parts that are held back and looked at each by itself.</summary>
    public static readonly DriftScope[] Parts = [DriftScope.Filter, DriftScope.Links];

    /// <summary>The part that a kind of resource is in.</summary>
    public static DriftScope Of(ResourceKind kind) => kind is ResourceKind.NftTable or ResourceKind.NftElement ? DriftScope.Filter : DriftScope.Links;

    /// <summary>Whether resources of a kind are looked at.</summary>
    public static bool Covers(this DriftScope scope, ResourceKind kind) => scope == DriftScope.All || (kind != ResourceKind.HostFile && (scope & Of(kind)) != 0);
}
