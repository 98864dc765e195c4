using System.Security;
using System.Text.Json;
using Weft.Core.Ipam;

namespace Weft.Cli.Rendering;

/// <summary>How a machine is attached to its port: QEMU's arguments and libvirt's XML.</summary>
internal static class PortHints
{
    /// <summary>Arguments of qemu-system-*, one a word.</summary>
    internal static string[] Qemu(PortAllocation p) =>
        ["-netdev", $"tap,id={p.Tap},ifname={p.Tap},script=no,downscript=no", "-device", $"virtio-net-pci,netdev={p.Tap},mac={p.Mac}"];

    /// <summary>The interface element of a libvirt domain. managed='no': the tap is Weft's, libvirt only opens it.</summary>
    internal static string Libvirt(PortAllocation p) =>
        $"<interface type='ethernet'><target dev='{SecurityElement.Escape(p.Tap)}' managed='no'/><mac address='{p.Mac}'/><model type='virtio'/></interface>";

    /// <summary>What a person is told after weft port add.</summary>
    internal static void Print(Screen screen, PortAllocation p, string bridge, string? netns)
    {
        var @out = screen.Out.Profile.Out.Writer;
        @out.WriteLine($"{p.Machine}: {p.Port} on {bridge}, {p.Mac}{string.Concat(p.Addresses.Select(a => $", {a}"))}");
        if (p.Guest) return; // its hypervisor made the link, and knows
        @out.WriteLine($"  QEMU     {string.Join(' ', Qemu(p))}");
        @out.WriteLine($"  libvirt  {Libvirt(p)}");
        if (netns is not null) @out.WriteLine($"  the tap is in network namespace {netns}: start QEMU there (ip netns exec {netns} ...)");
    }

    /// <summary>The members of a port's JSON object.</summary>
    internal static void Write(Utf8JsonWriter w, PortAllocation p, string bridge, string? netns)
    {
        w.WriteString("machine", p.Machine);
        w.WriteString("project", p.Project);
        w.WriteString("network", p.Network);
        w.WriteNumber("index", p.Index);
        w.WriteString("tap", p.Port);
        w.Text("bridge", bridge);
        w.WriteString("mac", p.Mac.ToString());
        Json.Strings(w, "addresses", p.Addresses.Select(a => a.ToString()));
        w.WriteString("since", p.Since);
        w.WriteBoolean("declared", p.Declared);
        w.WriteBoolean("guest", p.Link is not null);
        if (!p.Guest)
        {
            Json.Strings(w, "qemu", Qemu(p));
            w.WriteString("libvirt", Libvirt(p));
        }
        w.Text("netns", netns);
    }
}
