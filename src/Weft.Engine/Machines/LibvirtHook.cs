using Weft.Linux.Libvirt;
using Weft.Linux.Route;
using MacAddress = Weft.Core.Model.MacAddress;

namespace Weft.Engine.Machines;

/// <summary>
/// What libvirt's hook for QEMU (/etc/libvirt/hooks/qemu, libvirt's page "hooks") does: the links of a domain that starts become ports, those of one that ends are given back. It does
/// not ask libvirtd, which waits for it.
/// </summary>
/// <param name="options">Where and for whom; the calling thread is in that network namespace.</param>
public sealed class LibvirtHook(EngineOptions options)
{
    private readonly SpecCache _specs = new();

    /// <summary>Whether a hook of that operation has something to do.</summary>
    public static bool Concerns(string operation) => operation is "start" or "reconnect" or "attach" or "release";

    /// <summary>Does it.</summary>
    /// <param name="operation">libvirt's word: start, reconnect, attach, release.</param>
    /// <param name="xml">The domain, as libvirt gives it on standard input.</param>
    /// <returns>What a person should know: links that carry nothing, and why.</returns>
    /// <exception cref="IOException">A port could not be made, or taken back.</exception>
    /// <exception cref="InvalidDataException">The XML is no domain's.</exception>
    public IReadOnlyList<string> Run(string operation, string xml)
    {
        var domain = DomainXml.Read(xml);
        return operation == "release" ? Release() : [.. domain.Interfaces.Where(n => n.Target is not null).Select(n => Attach(domain, n)).OfType<string>()];
    }

    private string? Attach(DomainXml domain, DomainInterface nic)
    {
        using var route = new RouteSocket();
        if (route.Link(nic.Target!) is not { MasterIndex: > 0 } link || new WeftBridges(route).Of(link.MasterIndex) is not { } network) return null; // on nobody's bridge, or on another's
        var identity = new GuestIdentity(MacAddress.TryParse(nic.Mac, out var mac) ? mac : null, domain.Machine ?? domain.Name);
        using var engine = WeftEngine.ToAct(options, $"port of {link.Name}");
        var answer = engine.ProposeGuest(network.Owner, network.Network, link.Name, identity, _specs);
        if (answer.Proposal is { } proposal) Carry(engine, proposal, link.Name);
        return answer is { Port: null, IsOwn: false, IsAllowed: false } ? $"{domain.Name}: {link.Name} on network {network.Network} carries nothing: {answer.Why}" : null;
    }

    // The links are gone, and those of other domains that ended unseen too.
    private IReadOnlyList<string> Release()
    {
        using var engine = WeftEngine.ToAct(options, "ports of links that are gone");
        foreach (var link in engine.GoneGuests())
            if (engine.ProposeGuestRelease(link, _specs) is { } proposal) Carry(engine, proposal, link);
        return [];
    }

    private static void Carry(WeftEngine engine, Proposal proposal, string link)
    {
        if (!proposal.Succeeded) throw new IOException(string.Join("; ", proposal.Plan.Notes.Select(n => n.Message)));
        if (proposal.IsEmpty) return;
        if (engine.Waiting is { } open) throw new IOException($"a change of project {open.Change.Project} waits to be confirmed: weft confirm keeps it, weft rollback takes it back");
        if (engine.Apply(proposal) is { Kind: not OutcomeKind.Committed and not OutcomeKind.Nothing } outcome) throw new IOException($"the port of {link}: {outcome.Why}");
    }
}
