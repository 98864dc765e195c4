using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Linux.Libvirt;

/// <summary>A network as libvirt has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Xml">Its definition.</param>
/// <param name="Active">It is started.</param>
/// <param name="Autostart">It is started with libvirtd.</param>
public sealed record LibvirtNetwork(string Name, string Xml, bool Active, bool Autostart);

/// <summary>
/// A connection to a libvirtd, by the library's own calls. Each blocks for as long as libvirtd does: call from a thread that may wait. Safe for several threads.
/// </summary>
public sealed unsafe class LibvirtConnection : IDisposable
{
    private const int EventLifecycle = 0, EventDeviceRemoved = 15, EventDeviceAdded = 19, EventMetadata = 23; // virDomainEventID
    private const uint Active = 1, Inactive = 1; // VIR_CONNECT_LIST_DOMAINS_ACTIVE, VIR_NETWORK_XML_INACTIVE
    private const int KeepAliveSeconds = 5; // libvirt's own default
    private readonly nint _connection;
    private readonly List<int> _callbacks = [];

    private LibvirtConnection(nint connection) => _connection = connection;

    /// <summary>Called by the thread of events, with the name of a domain that started, ended, or got or lost a device, or metadata.</summary>
    public event Action<string>? Changed;

    /// <summary>The libvirtd of this host.</summary>
    public const string ThisHost = "qemu:///system";

    /// <summary>
    /// Connects. After five seconds without a word libvirtd is asked whether it lives; three times unanswered ends the connection, and with it all calls that wait.
    /// </summary>
    /// <param name="uri"><see cref="ThisHost"/>, or "qemu+unix:///system?socket=/run/x/libvirt-sock".</param>
    /// <exception cref="LibvirtException">The library is not installed, or libvirtd cannot be reached.</exception>
    public static LibvirtConnection Open(string uri)
    {
        LibvirtEventLoop.Ensure();
        var connection = LibvirtLibrary.Open(uri);
        if (connection == 0) throw Failed($"connect to libvirt ({uri})");
        var made = new LibvirtConnection(connection);
        try
        {
            _ = LibvirtLibrary.SetKeepAlive(connection, KeepAliveSeconds, 3); // 1 and no more: an old libvirtd knows none
            made.Subscribe();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Whether the connection still holds.</summary>
    public bool IsAlive => LibvirtLibrary.IsAlive(_connection) == 1;

    /// <summary>All networks.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public IReadOnlyList<LibvirtNetwork> Networks()
    {
        nint* list;
        var found = new List<LibvirtNetwork>();
        var count = Check(LibvirtLibrary.ListNetworks(_connection, &list, 0), "list the networks of libvirt");
        for (var i = 0; i < count; i++)
        {
            int autostart = 0;
            // Gone since the list was made: not there.
            if (Text(LibvirtLibrary.NetworkXml(list[i], Inactive)) is { } xml && NetworkXml.NameOf(xml) is { } name)
                found.Add(new(name, xml, LibvirtLibrary.IsActive(list[i]) == 1, LibvirtLibrary.GetAutostart(list[i], &autostart) == 0 && autostart == 1));
            _ = LibvirtLibrary.FreeNetwork(list[i]);
        }
        LibvirtLibrary.Free((nint)list);
        return found;
    }

    /// <summary>Defines a network where there is none of its name, starts it when it is not, and lets libvirtd start it from now on.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="xml">Its definition.</param>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public void PutNetwork(string name, string xml)
    {
        var network = LibvirtLibrary.FindNetwork(_connection, name);
        if (network == 0) network = LibvirtLibrary.DefineNetwork(_connection, xml);
        if (network == 0) throw Failed($"define libvirt's network {name}");
        try
        {
            if (LibvirtLibrary.IsActive(network) != 1) Check(LibvirtLibrary.StartNetwork(network), $"start libvirt's network {name}");
            Check(LibvirtLibrary.SetAutostart(network, 1), $"let libvirt start network {name}");
        }
        finally
        {
            _ = LibvirtLibrary.FreeNetwork(network);
        }
    }

    /// <summary>Defines a network, or sets what one of its name and UUID will be when it is started next.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="xml">Its definition.</param>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public void DefineNetwork(string name, string xml)
    {
        var network = LibvirtLibrary.DefineNetwork(_connection, xml);
        if (network == 0) throw Failed($"define libvirt's network {name}");
        _ = LibvirtLibrary.FreeNetwork(network);
    }

    /// <summary>What a network is now, which while it runs may differ from its definition; null when there is none of that name.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public string? LiveNetwork(string name)
    {
        var network = LibvirtLibrary.FindNetwork(_connection, name);
        if (network == 0) return LibvirtLibrary.LastErrorCode() == LibvirtException.NoNetwork ? null : throw Failed($"find libvirt's network {name}");
        var xml = Text(LibvirtLibrary.NetworkXml(network, 0));
        _ = LibvirtLibrary.FreeNetwork(network);
        return xml;
    }

    /// <summary>Stops a network when it runs, and starts it as it is defined.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public void RestartNetwork(string name)
    {
        var network = LibvirtLibrary.FindNetwork(_connection, name);
        if (network == 0) throw Failed($"find libvirt's network {name}");
        try
        {
            if (LibvirtLibrary.IsActive(network) == 1) Check(LibvirtLibrary.StopNetwork(network), $"stop libvirt's network {name}");
            Check(LibvirtLibrary.StartNetwork(network), $"start libvirt's network {name}");
        }
        finally
        {
            _ = LibvirtLibrary.FreeNetwork(network);
        }
    }

    /// <summary>Stops and undefines a network; one that is not there is no fault.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public void RemoveNetwork(string name)
    {
        var network = LibvirtLibrary.FindNetwork(_connection, name);
        if (network == 0 && LibvirtLibrary.LastErrorCode() == LibvirtException.NoNetwork) return;
        if (network == 0) throw Failed($"find libvirt's network {name}");
        try
        {
            if (LibvirtLibrary.IsActive(network) == 1) Check(LibvirtLibrary.StopNetwork(network), $"stop libvirt's network {name}");
            Check(LibvirtLibrary.UndefineNetwork(network), $"undefine libvirt's network {name}");
        }
        finally
        {
            _ = LibvirtLibrary.FreeNetwork(network);
        }
    }

    /// <summary>The XML of the domains that run.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public IReadOnlyList<string> ActiveDomains()
    {
        nint* list;
        var found = new List<string>();
        var count = Check(LibvirtLibrary.ListDomains(_connection, &list, Active), "list the domains of libvirt");
        for (var i = 0; i < count; i++)
        {
            if (Text(LibvirtLibrary.DomainXml(list[i], 0)) is { } xml) found.Add(xml); // null: it ended since
            _ = LibvirtLibrary.FreeDomain(list[i]);
        }
        LibvirtLibrary.Free((nint)list);
        return found;
    }

    /// <summary>The XML of a domain; null when there is none of that name.</summary>
    /// <exception cref="LibvirtException">libvirtd refused, or is gone.</exception>
    public string? Domain(string name)
    {
        var domain = LibvirtLibrary.FindDomain(_connection, name);
        if (domain == 0) return LibvirtLibrary.LastErrorCode() == LibvirtException.NoDomain ? null : throw Failed($"find domain {name}");
        var xml = Text(LibvirtLibrary.DomainXml(domain, 0));
        var code = xml is null ? LibvirtLibrary.LastErrorCode() : 0;
        _ = LibvirtLibrary.FreeDomain(domain);
        return xml is not null || code == LibvirtException.NoDomain ? xml : throw Failed($"read domain {name}");
    }

    /// <inheritdoc/>
    /// <remarks>Waits for libvirtd, as every call. Events end with it.</remarks>
    public void Dispose()
    {
        Changed = null;
        foreach (var id in _callbacks) _ = LibvirtLibrary.DeregisterDomainEvent(_connection, id); // each holds the connection; on a dead one the other end needs no telling
        _callbacks.Clear();
        _ = LibvirtLibrary.Close(_connection);
        // The library may be in a callback at this moment; a handle that stays costs some bytes, one that is gone the process.
    }

    internal static string LastError() => Marshal.PtrToStringUTF8(LibvirtLibrary.LastErrorMessage()) ?? "no reason given";

    private void Subscribe()
    {
        var self = GCHandle.ToIntPtr(GCHandle.Alloc(this, GCHandleType.Weak));
        delegate* unmanaged[Cdecl]<nint, nint, int, int, nint, int> lifecycle = &OnLifecycle;
        delegate* unmanaged[Cdecl]<nint, nint, nint, nint, void> device = &OnDevice;
        delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, void> metadata = &OnMetadata;
        foreach (var (id, callback) in new[] { (EventLifecycle, (nint)lifecycle), (EventDeviceAdded, (nint)device), (EventDeviceRemoved, (nint)device), (EventMetadata, (nint)metadata) })
            _callbacks.Add(Check(LibvirtLibrary.RegisterDomainEvent(_connection, 0, id, callback, self, 0), "listen to libvirt's domains"));
    }

    private static void Tell(nint domain, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is LibvirtConnection c && Marshal.PtrToStringUTF8(LibvirtLibrary.DomainName(domain)) is { } name) c.Changed?.Invoke(name);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnLifecycle(nint connection, nint domain, int what, int detail, nint opaque)
    {
        Tell(domain, opaque);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDevice(nint connection, nint domain, nint alias, nint opaque) => Tell(domain, opaque);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnMetadata(nint connection, nint domain, int type, nint uri, nint opaque) => Tell(domain, opaque);

    private static string? Text(nint text)
    {
        if (text == 0) return null;
        var copy = Marshal.PtrToStringUTF8(text);
        LibvirtLibrary.Free(text);
        return copy;
    }

    private static int Check(int result, string operation) => result >= 0 ? result : throw Failed(operation);

    private static LibvirtException Failed(string operation) => new(operation, LibvirtLibrary.LastErrorCode(), LastError());
}
