using System.Collections.Immutable;
using Weft.Core.Spec.Daemon;

namespace Weft.Daemon.Security;

/// <summary>Who asks.</summary>
/// <param name="Name">A user's name, a token's, or a certificate's.</param>
/// <param name="From">Where from: the process on this host, or the address.</param>
/// <param name="Role">What it may.</param>
/// <param name="Projects">Only these projects; null for all.</param>
internal sealed record Caller(string Name, string From, Role Role, ImmutableHashSet<string>? Projects = null)
{
    /// <summary>A process of this host.</summary>
    internal bool IsLocal { get; init; }

    /// <summary>May see this project.</summary>
    internal bool Sees(string project) => Projects is null || Projects.Contains(project);
}
