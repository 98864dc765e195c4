using System.Buffers;
using System.Net;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;

namespace Weft.Core.Import.Libvirt;

/// <summary>Reads the element dns (virNetworkDNSDefParseXML of libvirt).</summary>
internal static class DnsReader
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+/";
    private static readonly SearchValues<char> Protocol = SearchValues.Create(Letters), ServiceLetters = SearchValues.Create(Letters + "_*");

    /// <summary>Names and forwarders of the network.</summary>
    public static DnsSpec Read(XmlElement network, Notes notes)
    {
        if (network.Child("dns") is not { } e) return new DnsSpec();
        var enabled = e.YesNo("enable", notes) != false;
        if (e.YesNo("forwardPlainNames", notes) == true)
            notes.Changed(e.Place("forwardPlainNames"), "forwardPlainNames: names without a dot are not passed to upstream servers by Weft", "use full names");
        var (forwarders, records) = (Forwarders(e, notes), Records(e, notes));
        var (services, texts) = (Services(e, notes), Texts(e, notes));
        if (!enabled && e.Children.Any(c => c.Name is "forwarder" or "host" or "srv" or "txt")) notes.Conflict(e.At, "<dns enable='no'> has names in it", "libvirt wants it empty");
        return new DnsSpec(enabled) { Forwarders = [.. forwarders], Records = [.. records.GroupBy(r => r.Name).SelectMany(g => g)], Texts = [.. texts.GroupBy(t => t.Name).SelectMany(g => g)], Services = [.. services] };
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

    private static List<DnsServiceSpec> Services(XmlElement dns, Notes notes)
    {
        var all = new List<DnsServiceSpec>();
        foreach (var e in dns.All("srv"))
        {
            var (service, protocol) = (e.Required("service", notes), e.Required("protocol", notes));
            if (service?.AsSpan().ContainsAnyExcept(ServiceLetters) == true) notes.Bad(e.Place("service"), $"<srv service>: {Notes.Q(service)} has a character that is not allowed");
            if (protocol?.AsSpan().ContainsAnyExcept(Protocol) == true) notes.Bad(e.Place("protocol"), $"<srv protocol>: {Notes.Q(protocol)} has a character that is not allowed");
            long Number(string key)
            {
                if (e.Number(key, 65535, notes) is not { } n) return 0;
                if (e["target"] is null) notes.Missing(e.At, $"<srv {key}> without target");
                return n;
            }
            var (port, priority, weight) = ((int)Number("port"), (int)Number("priority"), (int)Number("weight"));
            if (e["port"] == "0") notes.Bad(e.Place("port"), "<srv port>: 0 is no port");
            e.SeeAll();
            // dnsmasq has the record of a name in another domain too; Weft's names are the network's.
            var (name, target) = ($"_{service?.TrimStart('_').ToLowerInvariant()}._{protocol?.TrimStart('_').ToLowerInvariant()}", Values.Domain(e["target"] ?? ""));
            if (service is null || protocol is null || notes.HasErrors) continue;
            if (e["domain"] is null && port > 0 && target is not null && SpecText.IsRecordName(name)) all.Add(new(name, target, port) { Priority = priority, Weight = weight });
            else notes.Lost(e.At, $"<srv service={Notes.Q(service)} protocol={Notes.Q(protocol)}>: {(e["domain"] is { } other ? $"it is in domain {Notes.Q(other)}, and Weft has names of the network's own" : "it has no target and port that Weft's file takes")}", "serve it from the DNS servers that dns.forwarders names");
        }
        return all;
    }

    private static List<DnsTextSpec> Texts(XmlElement dns, Notes notes)
    {
        var all = new List<DnsTextSpec>();
        foreach (var e in dns.All("txt"))
        {
            var (name, value) = (e.Required("name", notes), e.Required("value", notes));
            if (name?.AsSpan().ContainsAny(' ', ',') == true) notes.Bad(e.Place("name"), $"<txt name>: {Notes.Q(name)} has a blank or comma");
            if (name is null || value is null || notes.HasErrors) continue;
            if (SpecText.IsRecordName(name.ToLowerInvariant()) && SpecText.IsRecordText(value)) all.Add(new(name.ToLowerInvariant(), value));
            else notes.Lost(e.At, $"<txt name={Notes.Q(name)}>: its name or text is none that Weft's file takes", "printable ASCII without quotes and backslashes, at most 255 characters");
        }
        return all;
    }
}
