using System.Text;

namespace Weft.Linux.Route;

/// <summary>A link by index, by name, or by both: then the index counts and the name is for people.</summary>
public readonly record struct LinkRef
{
    /// <summary>A link by index and name.</summary>
    public LinkRef(int index, string? name)
    {
        Index = index;
        Name = name;
    }

    /// <summary>Interface index; 0 when only the name is known.</summary>
    public int Index { get; }

    /// <summary>Name; null when only the index is known.</summary>
    public string? Name { get; }

    /// <summary>A link by name.</summary>
    public static implicit operator LinkRef(string name) => new(0, name);

    /// <summary>A link by index.</summary>
    public static implicit operator LinkRef(int index) => new(index, null);

    /// <summary>A link that was read.</summary>
    public static implicit operator LinkRef(LinkInfo link) => new(link.Index, link.Name);

    /// <summary>A link by name.</summary>
    public static LinkRef FromString(string name) => name;

    /// <summary>A link by index.</summary>
    public static LinkRef FromInt32(int index) => index;

    /// <summary>A link that was read.</summary>
    public static LinkRef FromLinkInfo(LinkInfo link) => link;

    /// <summary>The name, or "link 5".</summary>
    public override string ToString() => Name ?? $"link {Index}";
}

/// <summary>What is to be set on a link; null leaves what is.</summary>
public sealed record LinkSettings
{
    /// <summary>Switched on or off.</summary>
    public bool? Up { get; init; }
    /// <summary>Bytes.</summary>
    public int? Mtu { get; init; }
    /// <summary>Address. Setting that of a bridge pins it.</summary>
    public MacAddress? Mac { get; init; }
    /// <summary>At most 255 bytes; empty takes it away.</summary>
    public string? Alias { get; init; }
    /// <summary>Interface index of the bridge to become a port of; 0 leaves the one it is a port of.</summary>
    public int? Master { get; init; }
    /// <summary>The new name; the link must be told by index.</summary>
    public string? Name { get; init; }
    /// <summary>Group.</summary>
    public uint? Group { get; init; }
    /// <summary>How link-local IPv6 addresses are made.</summary>
    public AddrGenMode? AddrGenMode { get; init; }
    /// <summary>IPv4 packets that come from it are forwarded.</summary>
    public bool? Ipv4Forwarding { get; init; }
    /// <summary>Frames.</summary>
    public uint? TxQueueLength { get; init; }
    /// <summary>All multicast frames are taken in.</summary>
    public bool? AllMulticast { get; init; }
    /// <summary>All frames are taken in.</summary>
    public bool? Promiscuous { get; init; }
    /// <summary>Answers no ARP.</summary>
    public bool? NoArp { get; init; }
    /// <summary>A descriptor of the network namespace to move it to.</summary>
    public int? NetNsDescriptor { get; init; }
    /// <summary>Options of a bridge.</summary>
    public BridgeOptions? Bridge { get; init; }
    /// <summary>Options of a port of a bridge.</summary>
    public BridgePortOptions? Port { get; init; }

    /// <summary>What is set, as in "mtu 1500, up".</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Add(text, Name, n => $"name {n}");
        Add(text, Mac?.ToString(), m => $"address {m}");
        Add(text, Mtu?.ToString(), m => $"mtu {m}");
        Add(text, Master?.ToString(), m => m == "0" ? "nomaster" : $"master {m}");
        Add(text, Alias, a => $"alias '{a}'");
        Add(text, Group?.ToString(), g => $"group {g}");
        Add(text, AddrGenMode?.ToString(), m => $"addrgenmode {m}");
        Add(text, Ipv4Forwarding?.ToString(), f => $"IPv4 forwarding {(f == bool.TrueString ? "on" : "off")}");
        Add(text, TxQueueLength?.ToString(), q => $"txqueuelen {q}");
        Add(text, NetNsDescriptor?.ToString(), _ => "another network namespace");
        Add(text, Bridge is null ? null : "bridge options", o => o);
        Add(text, Port is null ? null : "port options", o => o);
        Add(text, Up is null ? null : Up.Value ? "up" : "down", u => u);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string? value, Func<string, string> format)
    {
        if (value is not null) text.Append(text.Length == 0 ? "" : ", ").Append(format(value));
    }
}
