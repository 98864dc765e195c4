namespace Weft.Core.Spec;

/// <summary>Codes of diagnostics about a file's syntax and binding (WEFT1xxx); docs/diagnostics.md explains each.</summary>
internal static class SpecCodes
{
    public const string TooLarge = "WEFT1001";
    public const string Characters = "WEFT1002";
    public const string Tab = "WEFT1003";
    public const string Syntax = "WEFT1004";
    public const string Limits = "WEFT1005";
    public const string AnchorOrTag = "WEFT1006";
    public const string Documents = "WEFT1007";
    public const string Empty = "WEFT1008";
    public const string DuplicateKey = "WEFT1009";
    public const string UnknownKey = "WEFT1010";
    public const string MissingKey = "WEFT1011";
    public const string WrongType = "WEFT1012";
    public const string OutOfRange = "WEFT1013";
    public const string Choice = "WEFT1014";
    public const string NotYet = "WEFT1015";
    public const string OtherMode = "WEFT1016";
    public const string Version = "WEFT1017";
    public const string BadName = "WEFT1018";
    public const string BadLink = "WEFT1019";
    public const string BadAddress = "WEFT1020";
    public const string BadMac = "WEFT1021";
    public const string BadDuration = "WEFT1022";
    public const string BadListen = "WEFT1023";
    public const string BadTarget = "WEFT1024";
    public const string BadVlan = "WEFT1025";
    public const string RangeLength = "WEFT1026";
    public const string TooManyFaults = "WEFT1027";
}
