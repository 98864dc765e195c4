using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Core.Model;
using Weft.Engine.Store;
using Weft.Linux.Libvirt;

namespace Weft.Engine.Machines;

/// <summary>How it is with libvirt.</summary>
public enum LibvirtState
{
    /// <summary>libvirtd answers, and its networks are as Weft's.</summary>
    Connected,
    /// <summary>libvirtd or its library is not there, or the connection was lost; it is tried again.</summary>
    Absent,
    /// <summary>libvirtd takes long over a call. Nothing but this waits for it.</summary>
    Hanging,
    /// <summary>libvirtd refused something; the rest is done.</summary>
    Refused,
}

/// <summary>
/// Keeps libvirt's list of networks in step with Weft's, and tells which domain is behind which link. All that libvirtd can keep waiting is on a thread that nobody waits for, so
/// that an absent, restarted or hanging libvirtd changes nothing for the ports that are there.
/// </summary>
/// <param name="options">Where Weft's networks are. It acts on libvirt alone, so on any thread.</param>
/// <param name="uri">libvirt's; null for that of this host.</param>
/// <param name="hint">Told what is known of a link: <see cref="MachineWatch.Hint"/>.</param>
/// <param name="tell">Told how it is, with libvirt's own words; when that changes.</param>
public sealed class LibvirtWatch(EngineOptions options, string? uri, Action<string, GuestIdentity> hint, Action<LibvirtState, string> tell)
{
    // A call takes milliseconds; a busy host some hundred.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);
    // What an apply changed is in the list of networks when somebody looks; what virsh took away some time later.
    private const int TurnMs = 500, LookAgainMs = 30_000;
    // libvirtd is away for seconds when it is restarted, and for ever where there is none.
    private const int RetryMs = 1_000, RetryMostMs = 30_000;

    private readonly string _uri = uri ?? LibvirtConnection.ThisHost;
    private readonly BlockingCollection<string?> _changed = [];
    private readonly Lock _telling = new();
    private (LibvirtState, string)? _told;
    private long _since; // of the call that runs; 0 for none

    /// <summary>Watches until it is stopped; returns then, also while libvirtd keeps a call waiting.</summary>
    /// <param name="stop">Ends it. libvirt's networks stay.</param>
    public void Run(CancellationToken stop)
    {
        using var ended = new ManualResetEventSlim();
        new Thread(() =>
        {
            Work(stop);
            ended.Set();
        }) { IsBackground = true, Name = "libvirt" }.Start();
        // The event is left to the collector when the worker still hangs.
        while (!stop.IsCancellationRequested && !ended.Wait(TurnMs, CancellationToken.None))
            if (Interlocked.Read(ref _since) is > 0 and var since && Stopwatch.GetElapsedTime(since) > Slow) Tell(LibvirtState.Hanging, $"libvirtd ({_uri}) does not answer; ports go on without it");
        _ = ended.Wait(TurnMs, CancellationToken.None);
    }

    /// <summary>Somebody changed Weft's networks: libvirt's are looked at without waiting for the next turn.</summary>
    public void Again() => _changed.Add(null);

    private void Work(CancellationToken stop)
    {
        for (var retry = RetryMs; !stop.IsCancellationRequested; retry = Math.Min(2 * retry, RetryMostMs))
        {
            try
            {
                using var connection = Call(() => LibvirtConnection.Open(_uri));
                connection.Changed += _changed.Add;
                retry = RetryMs / 2;
                Serve(connection, stop);
            }
            catch (IOException e)
            {
                Tell(LibvirtState.Absent, e.Message);
            }
            stop.WaitHandle.WaitOne(retry);
        }
    }

    private void Serve(LibvirtConnection connection, CancellationToken stop)
    {
        using var store = Rescue.OpenUnlocked(options);
        var (version, looked) = (0L, 0L);
        foreach (var xml in Call(connection.ActiveDomains)) Hint(xml);
        while (!stop.IsCancellationRequested)
        {
            if (store.DataVersion is var now && now != version || Stopwatch.GetElapsedTime(looked).TotalMilliseconds > LookAgainMs)
            {
                (version, looked) = (now, Stopwatch.GetTimestamp());
                Match(connection, store);
            }
            var told = _changed.TryTake(out var domain, TurnMs, CancellationToken.None);
            if (told && domain is null) looked = 0;
            if (domain is not null && Call(() => connection.Domain(domain)) is { } changed) Hint(changed);
            if (!told && !connection.IsAlive) throw new LibvirtException($"keep the connection to libvirt ({_uri})", 0, "it was closed");
        }
    }

    private void Match(LibvirtConnection connection, WeftStore store)
    {
        var todo = LibvirtNetworks.Compare(store.Networks, Call(connection.Networks));
        var refused = todo.Taken.Select(n => $"libvirt has a network {n} that is not Weft's").ToList();
        foreach (var name in todo.Remove) Try(() => connection.RemoveNetwork(name), refused);
        foreach (var network in todo.Put) Try(() => connection.PutNetwork(network.Name, network.Write()), refused);
        if (refused.Count > 0) Tell(LibvirtState.Refused, string.Join("; ", refused));
        else Tell(LibvirtState.Connected, "");
    }

    private void Try(Action change, List<string> refused)
    {
        try
        {
            Call(() =>
            {
                change();
                return true;
            });
        }
        catch (LibvirtException e)
        {
            refused.Add(e.Message);
        }
    }

    private void Hint(string xml)
    {
        try
        {
            var domain = DomainXml.Read(xml);
            foreach (var nic in domain.Interfaces)
                if (nic.Target is { } link) hint(link, new GuestIdentity(MacAddress.TryParse(nic.Mac, out var mac) ? mac : null, domain.Machine ?? domain.Name));
        }
        catch (InvalidDataException e)
        {
            Tell(LibvirtState.Refused, e.Message);
        }
    }

    private T Call<T>(Func<T> call)
    {
        Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
        try
        {
            return call();
        }
        finally
        {
            Interlocked.Exchange(ref _since, 0);
        }
    }

    private void Tell(LibvirtState state, string words)
    {
        lock (_telling)
        {
            if (_told == (state, words)) return;
            _told = (state, words);
            tell(state, words);
        }
    }
}
