using System.Collections.Immutable;
using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Hosts;

/// <summary>The file of other hosts: how weft --host NAME reaches their daemons.</summary>
/// <param name="Hosts">The hosts.</param>
public sealed record HostsSpec(ImmutableArray<HostEntry> Hosts);

/// <summary>An entry of that file. What is wrong with it is nothing to who asks for another host.</summary>
/// <param name="Name">As --host names it.</param>
/// <param name="Host">What could be read of it.</param>
/// <param name="Faults">Its faults; with any of them the host is not to be used.</param>
public sealed record HostEntry(string Name, HostSpec? Host, ImmutableArray<Diagnostic> Faults);

/// <summary>How a daemon is reached.</summary>
/// <param name="Name">As --host names it.</param>
/// <param name="Url">https://HOST:PORT, ssh://USER@HOST:PORT or unix:PATH.</param>
public sealed record HostSpec(string Name, Uri Url)
{
    /// <summary>Certificates in PEM of whoever vouches for the daemon; null for those the system trusts.</summary>
    public string? Authorities { get; init; }
    /// <summary>A file that holds the token; null where the client comes with a certificate.</summary>
    public string? TokenFile { get; init; }
    /// <summary>The client's certificate in PEM; null where it comes with a token.</summary>
    public string? Certificate { get; init; }
    /// <summary>Its key in PEM.</summary>
    public string? Key { get; init; }
}

/// <summary>Reads the file of other hosts. Every fault becomes a diagnostic with its place; no input makes it throw.</summary>
public static class HostsSpecReader
{
    /// <summary>Reads it; null when there is any error but those of single entries.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="faults">Gets the faults of the file as a whole.</param>
    public static HostsSpec? Load(string file, ReadOnlySpan<byte> utf8, DiagnosticBag faults) => SpecReader.Load(HostsTable.Shape, file, utf8, faults);
}
