using Weft.Lab.Tests.Machines;
using Weft.Tests.Shared;

namespace Weft.Lab.Tests.Vm;

/// <summary>The machine of lab/guest as a domain of libvirt's.</summary>
internal static class LibvirtGuest
{
    /// <summary>What it has printed.</summary>
    internal static string Console(LibvirtHost host, string name) => File.Exists($"{host.Root}/run/{name}.log") ? File.ReadAllText($"{host.Root}/run/{name}.log") : "";

    /// <summary>Its file.</summary>
    internal static string Domain(string name, string mac, string network)
    {
        var files = WeftProgram.RunProgram(RepoFiles.Path("lab", "guest"), ["--name", name, "--no-ipv6", "--files"]).Output.TrimEnd('\n').Split('\n');
        return $"""
            <domain type='qemu'><name>{name}</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
            <os><type arch='x86_64' machine='pc'>hvm</type><kernel>{files[^3]}</kernel><initrd>{files[^2]}</initrd><cmdline>{files[^1]}</cmdline></os>
            <features><acpi/></features>
            <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
            <interface type='network'><source network='{network}'/><mac address='{mac}'/><model type='virtio'/></interface>
            <serial type='file'><source path='/run/{name}.log'/></serial></devices></domain>
            """;
    }
}
