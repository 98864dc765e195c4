using System.Collections.Immutable;

namespace Weft.Daemon.Security;

/// <summary>What somebody may do; each may what those before it may.</summary>
internal enum Role
{
    /// <summary>Look.</summary>
    Viewer,
    /// <summary>Change projects and ports.</summary>
    Operator,
    /// <summary>All, also tokens and the audit log.</summary>
    Admin,
}

/// <summary>Who asks.</summary>
/// <param name="Name">A user's name, a token's, or a certificate's.</param>
/// <param name="From">Where from: the process on this host, or the address.</param>
/// <param name="Role">What it may.</param>
/// <param name="Projects">Only these projects; null for all.</param>
internal sealed record Caller(string Name, string From, Role Role, ImmutableHashSet<string>? Projects = null)
{
    /// <summary>May see this project.</summary>
    internal bool Sees(string project) => Projects is null || Projects.Contains(project);
}
