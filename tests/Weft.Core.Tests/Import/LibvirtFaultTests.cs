using Weft.Core.Diagnostics;
using Weft.Core.Import;
using Xunit;

namespace Weft.Core.Tests.Import;

/// <summary>What libvirt refuses is refused, at its place, all faults at once; what could do harm is not read.</summary>
public sealed class LibvirtFaultTests
{
    private const string Ip = "<ip address='10.1.0.1' prefix='24'/>";

    private static string Dhcp(string inner) => $"<ip address='10.1.0.1' prefix='24'><dhcp>{inner}</dhcp></ip>";

    public static TheoryData<string, string, string> Refused => new()
    {
        { "<forward mode='nat'/>", "WEFT5005", "needs an <ip>" },
        { "<forward mode='natt'/>", "WEFT5004", "did you mean 'nat'" },
        { $"<forward mode='open' dev='eth0'/>{Ip}", "WEFT5006", "takes no device" },
        { $"<forward mode='route'><interface dev='a'/><interface dev='b'/></forward>{Ip}", "WEFT5006", "takes one device" },
        { $"<forward mode='nat' dev='a'><interface dev='b'/></forward>{Ip}", "WEFT5006", "both to be the same" },
        { "<forward mode='passthrough'><interface dev='a'/><interface dev='a'/></forward>", "WEFT5006", "listed twice" },
        { "<forward mode='hostdev'><address type='pci' bus='1'/><address type='pci' bus='1'/></forward>", "WEFT5006", "listed twice" },
        { "<forward mode='hostdev'><interface dev='a'/></forward>", "WEFT5006", "by PCI address" },
        { "<forward mode='passthrough'><address type='pci'/></forward>", "WEFT5006", "PCI address does not go" },
        { "<forward mode='hostdev' dev='a'><pf dev='b'/></forward>", "WEFT5006", "beside <address> or <pf>" },
        { $"<forward mode='route'><nat/></forward>{Ip}", "WEFT5006", "belongs to forward mode nat" },
        { $"<forward><nat><address start='192.0.2.9' end='192.0.2.1'/></nat></forward>{Ip}", "WEFT5004", "reversed" },
        { $"<forward><nat><address start='192.0.2.9'/></nat></forward>{Ip}", "WEFT5005", "no attribute end" },
        { $"<forward><nat><address start='fd00::1' end='fd00::2'/></nat></forward>{Ip}", "WEFT5004", "not IPv4" },
        { $"<forward><nat><port start='9' end='1'/></nat></forward>{Ip}", "WEFT5004", "reversed" },
        { $"<forward mode='bridge'/><bridge name='br0'/>{Ip}", "WEFT5006", "<ip> does not go" },
        { "<forward mode='bridge'/><bridge name='br0' stp='on'/>", "WEFT5006", "<bridge stp> does not go" },
        { "<forward mode='bridge'/><bridge name='br0'/><mtu size='9000'/>", "WEFT5006", "<mtu> does not go" },
        { "<forward mode='bridge'/><bridge name='br0'/><mac address='52:54:00:00:00:01'/>", "WEFT5006", "<mac> does not go" },
        { "<forward mode='bridge'/><bridge name='br0'/><domain name='a.b'/>", "WEFT5006", "<domain> does not go" },
        { "<forward mode='bridge'/><bridge name='br0'/><dns><host ip='10.0.0.1'><hostname>a</hostname></host></dns>", "WEFT5006", "<dns> does not go" },
        { "<forward mode='bridge' dev='eth0'/><bridge name='br0'/>", "WEFT5006", "a bridge's name and a device" },
        { "<forward mode='vepa' dev='eth0'/><bridge name='br0'/>", "WEFT5006", "<bridge name> does not go" },
        { "<forward mode='vepa' dev='eth0'/><bandwidth><inbound average='1'/></bandwidth>", "WEFT5006", "<bandwidth> does not go" },
        { $"<vlan><tag id='4'/></vlan>{Ip}", "WEFT5006", "<vlan> does not go" },
        { "<forward mode='hostdev'/><vlan/>", "WEFT5005", "no <tag>" },
        { $"<portgroup name='a'/><portgroup name='a'/>{Ip}", "WEFT5006", "a second <portgroup" },
        { $"<portgroup name='a' default='yes'/><portgroup name='b' default='yes'/>{Ip}", "WEFT5006", "a second default" },
        { $"<portgroup/>{Ip}", "WEFT5005", "no attribute name" },
        { $"<bandwidth><inbound peak='1'/></bandwidth>{Ip}", "WEFT5005", "needs average or floor" },
        { $"<virtualport/>{Ip}", "WEFT5005", "no attribute type" },
        { "<ip/>", "WEFT5005", "no attribute address" },
        { "<ip address='10.1.0.256' prefix='24'/>", "WEFT5004", "is no address" },
        { "<ip address='10.1.0.1' prefix='33'/>", "WEFT5004", "too long" },
        { "<ip address='10.1.0.1' netmask='255.0.255.0'/>", "WEFT5004", "no netmask" },
        { "<ip address='10.1.0.1' netmask='255.255.255.0' prefix='24'/>", "WEFT5006", "both prefix and netmask" },
        { "<ip address='fd00::1' prefix='64'/>", "WEFT5004", "family='ipv6'" },
        { "<ip family='ipv6' address='10.1.0.1'/>", "WEFT5004", "no address of family ipv6" },
        { "<ip family='ipv6' address='fd00::1' netmask='255.0.0.0'/>", "WEFT5004", "does not go with" },
        { "<ip family='ipx' address='10.1.0.1'/>", "WEFT5004", "neither ipv4 nor ipv6" },
        { "<ip family='ipv6' address='fd00::1' prefix='64'><tftp root='/x'/></ip>", "WEFT5006", "<tftp> stands in an IPv6" },
        { Dhcp("<range start='10.1.0.5'/>"), "WEFT5005", "no attribute end" },
        { Dhcp("<range start='10.1.0.9' end='10.1.0.2'/>"), "WEFT5004", "reversed" },
        { Dhcp("<range start='10.1.0.9' end='10.2.0.2'/>"), "WEFT5004", "not inside" },
        { Dhcp("<range start='10.1.0.0' end='10.1.0.9'/>"), "WEFT5004", "network or broadcast" },
        { Dhcp("<range start='10.1.0.9' end='fd00::9'/>"), "WEFT5004", "two families" },
        { "<ip address='10.1.0.1' prefix='8'><dhcp><range start='10.1.0.9' end='10.2.0.9'/></dhcp></ip>", "WEFT5004", "too large" },
        { Dhcp("<range start='10.1.0.2' end='10.1.0.9'><lease expiry='1'/></range>"), "WEFT5004", "two minutes" },
        { Dhcp("<range start='10.1.0.2' end='10.1.0.9'><lease expiry='1' unit='years'/></range>"), "WEFT5004", "none of seconds" },
        { Dhcp("<host ip='10.1.0.2'/>"), "WEFT5005", "needs mac or name" },
        { Dhcp("<host name='a'/>"), "WEFT5005", "no attribute ip" },
        { Dhcp("<host mac='52:54:00' ip='10.1.0.2'/>"), "WEFT5004", "no MAC" },
        { Dhcp("<host mac='53:54:00:00:00:01' ip='10.1.0.2'/>"), "WEFT5004", "group address" },
        { Dhcp("<host name='-a' ip='10.1.0.2'/>"), "WEFT5004", "does not begin" },
        { "<ip family='ipv6' address='fd00::1'><dhcp><host mac='52:54:00:00:00:01' name='a' ip='fd00::2'/></dhcp></ip>", "WEFT5006", "IPv6 <ip>" },
        { "<ip family='ipv6' address='fd00::1'><dhcp><host id='x' ip='fd00::2'/></dhcp></ip>", "WEFT5004", "no DUID" },
        { Dhcp("<host mac='52:54:00:00:00:01' ip='10.1.0.2'/>") + "<ip address='10.2.0.1' prefix='24'><dhcp><host mac='52:54:00:00:00:01' ip='10.2.0.2'/></dhcp></ip>", "WEFT5006", "a second <dhcp>" },
        { $"<dns enable='no'><txt name='a' value='b'/></dns>{Ip}", "WEFT5006", "enable='no'" },
        { $"<dns><forwarder/></dns>{Ip}", "WEFT5005", "needs addr or domain" },
        { $"<dns><host ip='10.1.0.2'/></dns>{Ip}", "WEFT5005", "no <hostname>" },
        { $"<dns><host><hostname>a</hostname></host></dns>{Ip}", "WEFT5005", "no attribute ip" },
        { $"<dns><srv protocol='tcp'/></dns>{Ip}", "WEFT5005", "no attribute service" },
        { $"<dns><srv service='a b' protocol='tcp'/></dns>{Ip}", "WEFT5004", "not allowed" },
        { $"<dns><srv service='a' protocol='tcp' port='5'/></dns>{Ip}", "WEFT5005", "without target" },
        { $"<dns><srv service='a' protocol='tcp' target='t' port='0'/></dns>{Ip}", "WEFT5004", "0 is no port" },
        { $"<dns><txt name='a b' value='c'/></dns>{Ip}", "WEFT5004", "blank or comma" },
        { $"<dns><txt name='a'/></dns>{Ip}", "WEFT5005", "no attribute value" },
        { $"<dns enable='maybe'/>{Ip}", "WEFT5004", "neither yes nor no" },
        { $"{Ip}<route address='10.9.0.0' prefix='16' gateway='10.2.0.9'/>", "WEFT5004", "in no <ip>" },
        { $"{Ip}<route address='10.9.0.1' prefix='16' gateway='10.1.0.9'/>", "WEFT5004", "bits of a host" },
        { $"{Ip}<route address='fd00::' prefix='64' gateway='fd01::1'/>", "WEFT5004", "not both IPv4" },
        { $"{Ip}<route address='10.9.0.0' prefix='16' netmask='255.255.0.0' gateway='10.1.0.9'/>", "WEFT5006", "without prefix" },
        { $"<bridge name='a b'/>{Ip}", "WEFT5004", "no name of a link" },
        { $"<bridge stp='yes'/>{Ip}", "WEFT5004", "neither on nor off" },
        { $"<bridge macTableManager='me'/>{Ip}", "WEFT5004", "neither kernel nor libvirt" },
        { $"<mac address='01:00:00:00:00:01'/>{Ip}", "WEFT5004", "group address" },
        { $"<uuid>1234</uuid>{Ip}", "WEFT5004", "<uuid>" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_libvirt_refuses_is_refused_at_its_place(string inner, string code, string said)
    {
        var imported = Read($"<network>\n<name>n</name>\n{inner}</network>");
        Assert.Empty(imported.Project.Networks);
        var fault = imported.Findings.Select(f => f.Diagnostic).FirstOrDefault(d => d.Code == code && d.Severity == Severity.Error && $"{d.Message} {d.Hint}".Contains(said, StringComparison.Ordinal));
        Assert.True(fault is not null, string.Join('\n', imported.Findings));
        Assert.True(fault.Location.Line is 1 or 3, fault.ToString());
    }

    [Fact]
    public void All_faults_are_told_at_once_and_the_rest_is_imported()
    {
        var imported = Read($"<network><name>bad</name><ip address='x'/>{Dhcp("<range start='1' end='2'/><host ip='3'/>")}</network><network><name>good</name>{Ip}</network>");
        Assert.Equal("good", Assert.Single(imported.Project.Networks).Name);
        Assert.True(imported.Findings.Count(f => f.Diagnostic.Severity == Severity.Error) >= 4);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "<!DOCTYPE network [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><network><name>&a;</name></network>", "WEFT5002" },
        { "<!DOCTYPE n [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><network><name>&b;</name></network>", "WEFT5002" },
        { "<network><name>&other;</name></network>", "WEFT5001" },
        { string.Concat(Enumerable.Repeat("<network>", 40)), "WEFT5002" },
        { $"<network>{string.Concat(Enumerable.Repeat("<ip/>", 200_001))}</network>", "WEFT5002" },
        { "<network><name>n</name>", "WEFT5001" },
        { "<network a='1' a='2'/>", "WEFT5001" },
        { "", "WEFT5003" },
        { "<!-- nothing -->", "WEFT5003" },
        { "<domain type='kvm'/>", "WEFT5003" },
        { "text", "WEFT5001" },
        { "<network><name>a/b</name></network>", "WEFT5004" },
        { "<network/>", "WEFT5005" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void What_is_no_network_or_could_do_harm_is_refused(string text, string code)
    {
        var imported = Importing.Sound(Read(text));
        Assert.Empty(imported.Project.Networks);
        Assert.Contains(imported.Findings, f => f.Diagnostic.Code == code && f.Diagnostic.Severity == Severity.Error);
        Assert.DoesNotContain(imported.Findings, f => f.Diagnostic.Message.Contains("root:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_running_network_is_told_and_one_that_is_not_defined_is_taken_from_the_state()
    {
        var imported = Weft.Core.Import.Libvirt.LibvirtImporter.Import("lab", [new("default.xml", $"<network><name>default</name>{Ip}</network>")],
            [new("default.state", $"<networkstatus><class_id bitmap='0'/><network><name>default</name>{Ip}</network></networkstatus>"), new("brief.state", "<networkstatus><network><name>brief</name></network></networkstatus>")]);
        Assert.Equal(["default", "brief"], imported.Project.Networks.Select(n => n.Name));
        Assert.Equal(2, imported.Findings.Count(f => f.Diagnostic.Message.Contains("libvirt runs it", StringComparison.Ordinal)));
    }

    [Fact]
    public void Ten_thousand_hosts_are_ten_thousand_machines()
    {
        var hosts = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"<host mac='52:54:00:00:{i >> 8:x2}:{i & 255:x2}' name='h{i}.example.org' ip='10.1.{(i >> 8) + 1}.{i & 255}'/>"));
        var imported = Read($"<network><name>n</name><ip address='10.1.0.1' prefix='16'><dhcp>{hosts}</dhcp></ip></network>");
        Assert.Equal(10_000, imported.Project.Machines.Length);
        Assert.False(imported.HasErrors);
    }

    private static Imported Read(string text) => Importing.Import("libvirt", new ImportSource("n.xml", text));
}
