using Weft.Core.Model;

namespace Weft.Engine.Machines;

/// <summary>What the command line of a QEMU (qemu(1)), or of Cloud Hypervisor, says of the machine behind a tap.</summary>
public static class QemuCommandLine
{
    /// <summary>Reads the arguments. What they do not tell is left open; nothing in them is a fault.</summary>
    /// <param name="arguments">The arguments, program first.</param>
    /// <param name="tap">The tap's name.</param>
    public static GuestIdentity Read(IReadOnlyList<string> arguments, string tap)
    {
        var options = Pairs(arguments).ToList();
        var name = options.Where(o => o.Option == "name").Select(o => Value(o.Text, "guest") ?? First(o.Text)).LastOrDefault();
        return new(Mac(options, tap), string.IsNullOrEmpty(name) ? null : name);
    }

    // The NIC of the tap is told by the netdev's id; without the tap's name (a helper made it, or it came as a descriptor) only one NIC leaves no doubt.
    private static MacAddress? Mac(List<(string Option, string Text)> options, string tap)
    {
        var own = options.Where(o => o.Option is "nic" or "net" && (Value(o.Text, "ifname") ?? Value(o.Text, "tap")) == tap).Select(o => Value(o.Text, "mac") ?? Value(o.Text, "macaddr")).ToList();
        var id = options.Where(o => o.Option == "netdev" && Value(o.Text, "ifname") == tap).Select(o => Value(o.Text, "id")).LastOrDefault();
        var nics = options.Where(o => o.Option == "device" && Value(o.Text, "netdev") is { } netdev && (id is null || netdev == id)).Select(o => Value(o.Text, "mac"))
            .Concat(id is null && own.Count == 0 ? options.Where(o => o.Option == "nic").Select(o => Value(o.Text, "mac")) : []);
        var macs = own.Concat(own.Count == 0 ? nics : []).OfType<string>().Distinct().ToList();
        return macs is [var one] && MacAddress.TryParse(one, out var mac) && !mac.IsMulticast ? mac : null;
    }

    private static IEnumerable<(string Option, string Text)> Pairs(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i + 1 < arguments.Count; i++)
            if (arguments[i].StartsWith('-')) yield return (arguments[i].TrimStart('-'), arguments[i + 1]);
    }

    private static string First(string text) => text.Split(',')[0] is var first && first.Contains('=', StringComparison.Ordinal) ? "" : text.Split(',')[0];

    private static string? Value(string text, string key) =>
        text.StartsWith('{') ? Json(text, key) : text.Split(',').Where(p => p.StartsWith(key + "=", StringComparison.Ordinal)).Select(p => p[(key.Length + 1)..]).FirstOrDefault();

    // libvirt writes devices as JSON.
    private static string? Json(string text, string key)
    {
        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty(key, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException) // half a surrogate pair
        {
            return null; // an argument that only looks like it
        }
    }
}
