namespace Weft.Core.Import;

/// <summary>Codes of findings about what is taken over from, or handed to, another program (WEFT50xx); docs/diagnostics.md explains each.</summary>
internal static class ImportCodes
{
    public const string Syntax = "WEFT5001";
    public const string Limits = "WEFT5002";
    public const string Kind = "WEFT5003";
    public const string Value = "WEFT5004";
    public const string Missing = "WEFT5005";
    public const string Conflict = "WEFT5006";
    public const string LeftOut = "WEFT5007";
    public const string NoCounterpart = "WEFT5010";
    public const string Changed = "WEFT5011";
    public const string Unknown = "WEFT5012";
    public const string NotFollowed = "WEFT5013";
    public const string Note = "WEFT5014";
    public const string Renamed = "WEFT5015";
    public const string NotExpressed = "WEFT5020";
}
