using Weft.Engine.Documents;

namespace Weft.Cli.Rendering;

/// <summary>How a machine is attached to its port, for people.</summary>
internal static class PortHints
{
    internal static void Print(Screen screen, PortDocument p)
    {
        var @out = screen.Out.Profile.Out.Writer;
        @out.WriteLine($"{p.Machine}: {p.Tap} on {p.Bridge}, {p.Mac}{string.Concat(p.Addresses.Select(a => $", {a}"))}");
        if (p.IdleTap is not null) @out.WriteLine($"  {p.Tap} is its hypervisor's; the tap {p.IdleTap} is idle until that goes");
        if (p.Guest) return; // its hypervisor made the link, and knows
        @out.WriteLine($"  QEMU     {string.Join(' ', p.Qemu)}");
        @out.WriteLine($"  libvirt  {p.Libvirt}");
        if (p.Netns is { } netns) @out.WriteLine($"  the tap is in network namespace {netns}: start QEMU there (ip netns exec {netns} ...)");
    }
}
