namespace Weft.Cli;

/// <summary>What the shell gets to know.</summary>
internal static class ExitCode
{
    /// <summary>Done; for plan and diff: nothing to change.</summary>
    internal const int Ok = 0;
    /// <summary>A fault in the file, on the command line or on the host.</summary>
    internal const int Faults = 1;
    /// <summary>plan and diff: there are changes.</summary>
    internal const int Changes = 2;
    /// <summary>apply: something failed and was taken back.</summary>
    internal const int Undone = 3;
}
