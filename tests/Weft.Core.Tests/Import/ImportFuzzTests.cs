using CsCheck;
using Weft.Core.Import;
using Weft.Core.Tests.Spec;
using Weft.Tests.Shared;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>Whatever the input: no exception, findings with places, and a project without faults that reads back equal.</summary>
public sealed class ImportFuzzTests
{
    private static readonly string[] Xml =
        ["<", ">", "/>", "</", "'", "\"", "=", "&", "&amp;", "&#x41;", "&#0;", "<!--", "-->", "<![CDATA[", "]]>", "<?x ?>", "<!DOCTYPE a>", "<network>", "</network>", "<ip address='10.0.0.1' prefix='1'/>", "<forward mode='bridge'/>",
         "<forward/>", "family='ipv6'", "mode='", "prefix='32'", "prefix='0'", "::", "255.255.255.255", "0.0.0.0", "ff02::1", "169.254.0.1", "xmlns:a='b'", "a:b", "\0", "\uD800", "\u2028", "\uFFFE", "\uFEFF", "99999999999999999999", "-1", "é", "_"];

    private static readonly string[] Yaml =
        ["\n", "  ", "- ", ": ", "[", "]", "{", "}", ",", "&a ", "*a", "!!x ", "|", ">", "\"", "'", "#", "\t", "\0", "~", "null", "true", "bridges: ", "interfaces: ", "addresses: ", "0.0.0.0/0", "fe80::1/64", "::1/128", "10.0.0.1/32", "auto", "eth0.4095", "1e308",
         "-1", "99999999999", "\u2028", "é", "match: {name: \"e*\"}", "vlans: {v: {id: 1, link: v}}"];

    private static readonly string[] Lines =
        ["\n", " ", "\t", "\\\n", "\\", "#", "iface ", "auto ", "source ", "mapping x\n", "bridge_ports ", "bridge-vids 1-4094\n", "bridge-vlan-aware yes\n", "address ", "netmask ", "0.0.0.0/0", "fe80::1/64", "10.0.0.1/31", "eth0.0", "a.b.4094", "none", "regex", "inet static\n", "ovs_type OVSBridge\n",
         "inherits ", "post-up iptables -t nat -A POSTROUTING -s 10.0.0.0/8 -o eth0 -j MASQUERADE\n", "\0", "\u2028", "é", "NaN", "1e309", "bridge_fd ", "mtu "];

    [Fact]
    public void Libvirt() => Fuzz("libvirt", Xml, 6000);

    [Fact]
    public void Netplan() => Fuzz("netplan", Yaml, 6000);

    [Fact]
    public void Ifupdown() => Fuzz("ifupdown", Lines, 6000);

    [Fact]
    public void Proxmox() => Fuzz("proxmox", Lines, 3000);

    private static void Fuzz(string format, string[] pieces, long iterations)
    {
        string[] valid = [.. Directory.EnumerateFiles(RepoFiles.Path("tests/Weft.Core.Tests/Import/Cases", format), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("project.yaml", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var mutated = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Select(Gen.Double.Unit, Gen.Int[0, 12], SpecGen.Pick(pieces)).Array[1, 4], (file, edits) => edits.Aggregate(valid[file], Edit));
        var random = Gen.OneOf(Gen.String, SpecGen.Pick(pieces).Array[0, 30].Select(string.Concat));
        Gen.Frequency((9, mutated), (1, random)).Sample(text => Importing.HasPlaces(Importing.Sound(Importing.Import(format, new ImportSource("f", text)))), iter: iterations);
    }

    private static string Edit(string text, (double Where, int Cut, string Piece) edit)
    {
        var at = (int)(edit.Where * text.Length);
        return string.Concat(text.AsSpan(0, at), edit.Piece, text.AsSpan(Math.Min(at + edit.Cut, text.Length)));
    }
}
