using CsCheck;
using Weft.Linux.Libvirt;
using Xunit;

namespace Weft.Linux.Tests.Libvirt;

public sealed class LibvirtXmlTests
{
    private const string Domain = """
        <domain type='kvm' id='3'>
          <name>web &amp; 1</name>
          <metadata><weft:machine xmlns:weft="https://weft.dev/libvirt/1" name="web1"/><x:machine xmlns:x="urn:x" name="no"/></metadata>
          <devices>
            <interface type='network'><mac address='52:54:00:00:00:0a'/><source network='lab.dev' portid='x' bridge='wb-dev'/><target dev='vnet3'/><model type='virtio'/></interface>
            <interface type='bridge'><!-- off --><mac address='52:54:00:00:00:0b'/><source bridge='br0'/></interface>
            <disk><source file='x'/><target dev='vda'/></disk>
          </devices>
        </domain>
        """;

    private static readonly string[] Valid = [Domain, new NetworkXml("lab.dev", "wb-dev", "lab", "dev").Write()];
    private static readonly string[] Pieces = ["<", ">", "/>", "</", "&", "&lt;", "&x;", "'", "\"", "<name>", "</name>", "<name/>", "<domain>", "</domain>", "<network>", "<metadata>", "<![CDATA[", "]]>", "<!--", "-->", "<?x?>", "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "xmlns:weft='https://weft.dev/libvirt/1'", "\0", "\uFFFF", "\uD800", " "];

    [Fact]
    public void A_domains_nics_are_read()
    {
        var read = DomainXml.Read(Domain);
        Assert.Equal(("web & 1", "web1"), (read.Name, read.Machine));
        Assert.Equal([new("52:54:00:00:00:0a", "lab.dev", "wb-dev", "vnet3"), new("52:54:00:00:00:0b", null, "br0", null)], read.Interfaces);
    }

    [Fact]
    public void A_network_reads_back_as_it_was_written() => Gen.Select(Name, Name, Name, Name, (a, b, c, d) => new NetworkXml(a, b, c, d)).Sample(n => Assert.Equal(n, NetworkXml.Read(n.Write())));

    [Theory]
    [InlineData("<network><name>x</name></network>")]
    [InlineData("<network><name>x</name><metadata><network project='lab' name='dev'/></metadata></network>")]
    [InlineData("<network><name>x</name><metadata><weft:network xmlns:weft='https://else.where/1' project='lab' name='dev'/></metadata></network>")]
    public void A_network_without_wefts_element_is_not_wefts(string xml) => Assert.False(NetworkXml.Read(xml).IsOurs);

    [Theory]
    [InlineData("")]
    [InlineData("<domain/>")]
    [InlineData("<domain><name>x</name>")]
    [InlineData("<network><name>x</name></network>")]
    [InlineData("<!DOCTYPE d [<!ENTITY e 'x'>]><domain><name>&e;</name></domain>")]
    [InlineData("<domain><name><b/></name></domain>")]
    public void What_is_no_domain_is_refused(string xml) => Assert.Throws<InvalidDataException>(() => DomainXml.Read(xml));

    [Fact]
    public void Whatever_the_text_it_is_read_or_refused() => Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Select(Gen.Double.Unit, Gen.Int[0, 20], Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]), Gen.String[0, 5])).Array[0, 4])
        .Sample((file, edits) =>
        {
            var xml = edits.Aggregate(Valid[file], (text, e) => text[..(int)(e.Item1 * text.Length)] + e.Item3 + text[Math.Min((int)(e.Item1 * text.Length) + e.Item2, text.Length)..]);
            Total(() => Assert.NotEmpty(DomainXml.Read(xml).Name));
            Total(() => Assert.NotEmpty(NetworkXml.Read(xml).Name));
        }, iter: 10_000);

    private static Gen<string> Name => Gen.Char[" <>&'\"abz.-_0"].Array[1, 12].Select(c => new string(c).Trim()).Where(n => n.Length > 0);

    private static void Total(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException)
        {
            // Refused: as good.
        }
    }
}
