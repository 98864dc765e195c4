using System.Buffers;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads the element dns (virNetworkDNSDefParseXML of libvirt).</summary>
internal static class DnsReader
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+/";
    private static readonly SearchValues<char> Protocol = SearchValues.Create(Letters), Service = SearchValues.Create(Letters + "_*");

    /// <summary>Names and forwarders of the network.</summary>
    public static DnsSpec Read(XmlElement network, Notes notes)
    {
        if (network.Child("dns") is not { } e) return new DnsSpec();
        var enabled = e.YesNo("enable", notes) != false;
        if (e.YesNo("forwardPlainNames", notes) == true)
            notes.Changed(e.Place("forwardPlainNames"), "forwardPlainNames: names without a dot are not passed to upstream servers by Weft", "use full names");
        var (forwarders, records) = (Forwarders(e, notes), Records(e, notes));
        Services(e, notes);
        Texts(e, notes);
        if (!enabled && e.Children.Any(c => c.Name is "forwarder" or "host" or "srv" or "txt")) notes.Conflict(e.At, "<dns enable='no'> has names in it", "libvirt wants it empty");
        return new DnsSpec(enabled) { Forwarders = [.. forwarders], Records = [.. records.GroupBy(r => r.Name).SelectMany(g => g)] };
    }

    private static List<IPAddress> Forwarders(XmlElement dns, Notes notes)
    {
        var all = new List<IPAddress>();
        foreach (var e in dns.All("forwarder"))
        {
            var (address, domain) = (e.Address("addr", notes), e["domain"]);
            if (e["addr"] is null && domain is null) notes.Missing(e.At, "<forwarder> needs addr or domain");
            else if (domain is not null) notes.Lost(e.At, $"<forwarder domain={Notes.Q(domain)}{(address is null ? "" : $" addr='{address}'")}>: forwarders of single domains", "Weft forwards all names to the same servers: let those of dns.forwarders know the domain");
            else if (address is not null && !all.Contains(address)) all.Add(address);
        }
        return all;
    }

    private static List<DnsRecordSpec> Records(XmlElement dns, Notes notes)
    {
        var all = new List<DnsRecordSpec>();
        foreach (var e in dns.All("host"))
        {
            var address = e.RequiredAddress("ip", notes);
            var names = e.All("hostname").FindAll(n => n.Text.Trim().Length > 0);
            if (names.Count == 0) notes.Missing(e.At, "<host> has no <hostname>");
            foreach (var n in names) if (Record(n, address, notes) is { } record && !all.Contains(record)) all.Add(record);
        }
        return all;
    }

    private static DnsRecordSpec? Record(XmlElement hostname, IPAddress? address, Notes notes)
    {
        var text = hostname.Text.Trim();
        if (Values.Domain(text) is not { } name) notes.Lost(hostname.At, $"<hostname> {Notes.Q(text)} is no DNS name", "letters, digits and '-' between dots");
        else if (address is not null) return new DnsRecordSpec(name, address);
        return null;
    }

    private static void Services(XmlElement dns, Notes notes)
    {
        foreach (var e in dns.All("srv"))
        {
            var (service, protocol) = (e.Required("service", notes), e.Required("protocol", notes));
            if (service?.AsSpan().ContainsAnyExcept(Service) == true) notes.Bad(e.Place("service"), $"<srv service>: {Notes.Q(service)} has a character that is not allowed");
            if (protocol?.AsSpan().ContainsAnyExcept(Protocol) == true) notes.Bad(e.Place("protocol"), $"<srv protocol>: {Notes.Q(protocol)} has a character that is not allowed");
            foreach (var key in (string[])["port", "priority", "weight"])
                if (e.Number(key, 65535, notes) is not null && e["target"] is null) notes.Missing(e.At, $"<srv {key}> without target");
            if (e["port"] == "0") notes.Bad(e.Place("port"), "<srv port>: 0 is no port");
            notes.Lost(e.SeeAll().At, $"<srv service={Notes.Q(service ?? "")} protocol={Notes.Q(protocol ?? "")}>: Weft's DNS has no SRV records", "serve it from the DNS servers that dns.forwarders names");
        }
    }

    private static void Texts(XmlElement dns, Notes notes)
    {
        foreach (var e in dns.All("txt"))
        {
            var (name, _) = (e.Required("name", notes), e.Required("value", notes));
            if (name?.AsSpan().ContainsAny(' ', ',') == true) notes.Bad(e.Place("name"), $"<txt name>: {Notes.Q(name)} has a blank or comma");
            notes.Lost(e.SeeAll().At, $"<txt name={Notes.Q(name ?? "")}>: Weft's DNS has no TXT records", "serve it from the DNS servers that dns.forwarders names");
        }
    }
}
