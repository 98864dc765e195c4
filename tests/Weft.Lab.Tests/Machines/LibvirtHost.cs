using System.Diagnostics;
using System.Globalization;
using Weft.Lab.Tests.Projects;
using Xunit;

namespace Weft.Lab.Tests.Machines;

/// <summary>A libvirtd of a test's own: in the lab's network namespace, in process, mount and host name namespaces with private /run, /var and /etc, and an identity that no other has. All of it ends with the test.</summary>
internal sealed class LibvirtHost : IDisposable
{
    private const int PatienceMs = 60_000;

    // The init of its namespace: libvirtd is started again when it ended and a file says so.
    private const string Script = """
        set -eu
        for d in /run /var/lib/libvirt /var/log/libvirt /var/cache/libvirt /etc/libvirt; do mkdir -p $d; mount -t tmpfs private $d; done
        mkdir -p /run/libvirt /var/lib/libvirt/dnsmasq /etc/libvirt/qemu/networks
        printf '%s\n' 'user = "root"' 'group = "root"' 'security_driver = "none"' 'cgroup_controllers = [ ]' 'namespaces = [ ]' 'stdio_handler = "file"' 'remember_owner = 0' 'dynamic_ownership = 0' >/etc/libvirt/qemu.conf
        hostname "$1"
        printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$1" >/run/hosts
        mount --bind /run/hosts /etc/hosts # libvirtd asks for its own name, for half a minute when nobody answers
        echo "host_uuid = \"$2\"" >/etc/libvirt/libvirtd.conf
        ip link set lo up
        echo $$ >/run/ready
        while read -r order; do
            case $order in start) libvirtd >>/run/libvirtd.log 2>&1 & echo $! >/run/daemon ;; esac
        done
        """;

    private readonly Process _init;
    private readonly int _inside;

    internal LibvirtHost(EngineLab lab)
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/libvirtd"), "libvirtd is not installed: apt-get install libvirt-daemon-system libvirt-clients");
        _init = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", lab.Host, "unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", Script, "bash", lab.Host, $"{Guid.NewGuid()}"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        _inside = Await("the namespace of libvirtd", () => Child(_init.Id) is { } pid && File.Exists($"/proc/{pid}/root/run/ready") ? pid : (int?)null);
    }

    /// <summary>For the library, from outside.</summary>
    internal string Uri => $"qemu+unix:///system?socket=/proc/{_inside}/root/run/libvirt/libvirt-sock";

    internal string Root => $"/proc/{_inside}/root";

    /// <summary>Starts libvirtd, and waits until it answers.</summary>
    internal void Start()
    {
        File.Delete($"{Root}/run/daemon");
        _init.StandardInput.WriteLine("start");
        _init.StandardInput.Flush();
        Await("libvirtd", () => Exec("virsh", "-q", "-c", "qemu:///system", "version").ExitCode == 0 ? true : (bool?)null);
    }

    /// <summary>Sends libvirtd a signal.</summary>
    internal void Signal(string signal) => Succeed("bash", "-c", $"kill -{signal} $(cat /run/daemon)");

    internal string Virsh(params string[] arguments) => Succeed(["virsh", "-q", "-c", "qemu:///system", .. arguments]);

    internal Ended Exec(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo("nsenter", ["-t", _inside.ToString(CultureInfo.InvariantCulture), "-a", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(PatienceMs)) process.Kill(true);
        process.WaitForExit();
        return new Ended(process.ExitCode, output.Result, errors.Result);
    }

    internal string Succeed(params string[] command)
    {
        var ended = Exec(command);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', command)}: {ended.ExitCode}: {ended.Output}{ended.Errors}");
        return ended.Output;
    }

    internal void Write(string path, string text) => File.WriteAllText(Root + path, text);

    internal static T Await<T>(string what, Func<T?> look) where T : struct
    {
        T? found = null;
        Assert.True(SpinWait.SpinUntil(() =>
        {
            Thread.Sleep(20); // between looks at what tells nobody when it is there
            return (found = look()) is not null;
        }, PatienceMs), $"{what} did not come");
        return found!.Value;
    }

    public void Dispose()
    {
        _init.Kill(entireProcessTree: true); // the first process of the namespace takes all others along
        _init.WaitForExit();
        _init.Dispose();
    }

    // ip becomes unshare; its child is the first process inside.
    private static int? Child(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var child, ..] ? int.Parse(child, CultureInfo.InvariantCulture) : null;
}
