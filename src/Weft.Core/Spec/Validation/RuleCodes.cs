namespace Weft.Core.Spec.Validation;

/// <summary>Codes of rules between the values of a file (WEFT21xx); docs/diagnostics.md explains each.</summary>
internal static class RuleCodes
{
    public const string DuplicateName = "WEFT2101";
    public const string DuplicateLink = "WEFT2102";
    public const string DuplicateMac = "WEFT2103";
    public const string DuplicateAddress = "WEFT2104";
    public const string BadMac = "WEFT2105";
    public const string UnknownNetwork = "WEFT2106";
    public const string UnknownMachine = "WEFT2107";
    public const string MachineElsewhere = "WEFT2108";
    public const string LongName = "WEFT2109";
    public const string HostBits = "WEFT2110";
    public const string SubnetSize = "WEFT2111";
    public const string SubnetOverlap = "WEFT2112";
    public const string Gateway = "WEFT2113";
    public const string Pool = "WEFT2114";
    public const string SpecialSubnet = "WEFT2115";
    public const string Slaac = "WEFT2116";
    public const string Mtu6 = "WEFT2117";
    public const string AddressOutside = "WEFT2118";
    public const string AddressTaken = "WEFT2119";
    public const string TwoInSubnet = "WEFT2120";
    public const string DhcpWithoutSubnet = "WEFT2121";
    public const string DhcpOnUplink = "WEFT2122";
    public const string ListenOverlap = "WEFT2130";
    public const string Family = "WEFT2131";
    public const string NotInKind = "WEFT2132";
    public const string FloatingTwice = "WEFT2133";
    public const string OuterInside = "WEFT2134";
    public const string SynProxyUdp = "WEFT2135";
    public const string SharedUplink = "WEFT2140";
    public const string UplinkTwice = "WEFT2141";
    public const string OwnUplink = "WEFT2142";
    public const string VlanWithoutFiltering = "WEFT2150";
    public const string VlanTwice = "WEFT2151";
    public const string StpTimes = "WEFT2152";
    public const string StpPriority = "WEFT2153";
    public const string Snooping = "WEFT2154";
    public const string Fdb = "WEFT2155";
    public const string Route = "WEFT2160";
}
