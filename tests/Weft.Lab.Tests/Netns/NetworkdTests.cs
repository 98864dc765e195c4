using Weft.Core.Diagnostics;
using Weft.Engine;
using Xunit;

namespace Weft.Lab.Tests.Netns;

/// <summary>A NIC of systemd-networkd's is handed over to Weft and back.</summary>
public sealed class NetworkdTests : IDisposable
{
    private const string Spec = "version: 1\nname: lab\nnetworks:\n  office: { mode: bridge, uplink: eth1 }\n";
    private readonly NetworkdHost _host = new();

    private string Leases => Path.Combine(_host.Folder, "leases");

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_static_address_is_there_all_the_time() => _host.Run("[Match]\nName=eth1\n[Network]\nAddress=192.0.2.10/24\nGateway=192.0.2.1\n", () =>
    {
        var (lost, sent) = _host.Pinging("192.0.2.10", () =>
        {
            Apply();
            NetworkdHost.Until(() => NetworkdHost.Setup("eth1") == "unmanaged", "networkd to let eth1 go");
            NetworkdHost.Until(() => NetworkdHost.Setup("wb-office") == "configured", "networkd to configure the bridge");
        });
        Assert.True(lost <= 1, $"{lost} of {sent} lost");
        Assert.Equal(["192.0.2.10/24"], NetworkdHost.Addresses("wb-office"));
        Assert.Empty(NetworkdHost.Addresses("eth1"));
        Assert.Contains("default via 192.0.2.1 dev wb-office", NetworkdHost.Tool("ip", "route"), StringComparison.Ordinal);
        Assert.True(Propose().IsEmpty);
        (lost, sent) = _host.Pinging("192.0.2.10", () =>
        {
            Destroy();
            NetworkdHost.Until(() => NetworkdHost.Setup("eth1") is not ("unmanaged" or ""), "networkd to have eth1 again");
        });
        Assert.True(lost <= 1, $"{lost} of {sent} lost");
        Assert.Equal(["192.0.2.10/24"], NetworkdHost.Addresses("eth1"));
        Assert.Contains("default via 192.0.2.1 dev eth1", NetworkdHost.Tool("ip", "route"), StringComparison.Ordinal);
        Assert.Equal(["10-eth1.network"], Directory.EnumerateFiles("/etc/systemd/network").Select(f => Path.GetFileName(f)));
    });

    [Fact]
    public void A_lease_goes_on_on_the_bridge() => _host.Run("[Match]\nName=eth1\n[Network]\nDHCP=ipv4\n", before: ServeDhcp, action: () =>
    {
        var address = Assert.Single(NetworkdHost.Addresses("eth1"));
        var (lost, sent) = _host.Pinging(address.Split('/')[0], () =>
        {
            Apply();
            NetworkdHost.Until(() => NetworkdHost.Setup("wb-office") == "configured", "networkd to configure the bridge");
        });
        Assert.True(lost <= 1, $"{lost} of {sent} lost");
        Assert.Equal([address], NetworkdHost.Addresses("wb-office"));
        Assert.Contains("IAID=", File.ReadAllText("/etc/systemd/network/05-weft-wb-office.network"), StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Leases)); // the server knows one client
        Assert.True(Propose().IsEmpty);
    });

    // A server that knows its clients by their identifiers, as RFC 2131 has it, and gives others other addresses.
    private void ServeDhcp()
    {
        _host.Start("nsenter", _host.OnLan[1], "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=peer", "--bind-interfaces",
            "--dhcp-range=192.0.2.100,192.0.2.199,1h", $"--dhcp-leasefile={Leases}", "--pid-file=", "--user=root", "--no-ping");
    }

    private Proposal Propose()
    {
        using var engine = WeftEngine.ToAct(_host.Options, "test");
        return engine.Propose(new SpecSource("lab.yaml", Spec));
    }

    private void Apply()
    {
        using var engine = WeftEngine.ToAct(_host.Options, "test");
        var proposal = engine.Propose(new SpecSource("lab.yaml", Spec));
        Assert.Contains(proposal.Plan.Notes, n => n.Code == "WEFT3109" && n.Message.Contains("networkd configures eth1", StringComparison.Ordinal));
        var outcome = engine.Apply(proposal);
        Assert.True(outcome.Kind == OutcomeKind.Committed, outcome.Why);
    }

    private void Destroy()
    {
        using var engine = WeftEngine.ToAct(_host.Options, "test");
        var outcome = engine.Apply(engine.ProposeDestroy("lab"));
        Assert.True(outcome.Kind == OutcomeKind.Committed, outcome.Why);
    }
}
