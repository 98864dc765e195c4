using Weft.Core.Diagnostics;

namespace Weft.Core.Spec.Daemon;

/// <summary>Reads the daemon's file. Every fault becomes a diagnostic with its place; no input makes it throw.</summary>
public static class DaemonSpecReader
{
    /// <summary>Reads it; null when there is any error. An empty file asks for nothing, which is a fault; leave the file away instead.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="faults">Gets the faults.</param>
    public static DaemonSpec? Load(string file, ReadOnlySpan<byte> utf8, DiagnosticBag faults) => SpecReader.Load(DaemonTable.Shape, file, utf8, faults);
}
