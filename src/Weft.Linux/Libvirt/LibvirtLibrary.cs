using System.Runtime.InteropServices;

namespace Weft.Linux.Libvirt;

/// <summary>libvirt, the library that virsh(1) is a user of (libvirt/libvirt-host.h, -network.h, -domain.h, -event.h). Loaded when first called.</summary>
internal static unsafe partial class LibvirtLibrary
{
    internal const string Library = "libvirt.so.0";

    /// <summary>virEventRegisterDefaultImpl: the loop that events and keepalive run in; once a process.</summary>
    [LibraryImport(Library, EntryPoint = "virEventRegisterDefaultImpl")]
    internal static partial int RegisterEventLoop();

    /// <summary>virEventRunDefaultImpl: one turn of the loop; waits for something to do.</summary>
    [LibraryImport(Library, EntryPoint = "virEventRunDefaultImpl")]
    internal static partial int RunEventLoop();

    /// <summary>virEventAddTimeout.</summary>
    [LibraryImport(Library, EntryPoint = "virEventAddTimeout")]
    internal static partial int AddTimeout(int milliseconds, delegate* unmanaged[Cdecl]<int, nint, void> callback, nint opaque, nint free);

    [LibraryImport(Library, EntryPoint = "virSetErrorFunc")]
    internal static partial void SetErrorFunction(nint data, delegate* unmanaged[Cdecl]<nint, nint, void> handler);

    /// <summary>virGetLastErrorMessage: of this thread.</summary>
    [LibraryImport(Library, EntryPoint = "virGetLastErrorMessage")]
    internal static partial nint LastErrorMessage();

    /// <summary>virGetLastErrorCode: virErrorNumber of this thread.</summary>
    [LibraryImport(Library, EntryPoint = "virGetLastErrorCode")]
    internal static partial int LastErrorCode();

    [LibraryImport(Library, EntryPoint = "virConnectOpen", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Open(string uri);

    [LibraryImport(Library, EntryPoint = "virConnectClose")]
    internal static partial int Close(nint connection);

    [LibraryImport(Library, EntryPoint = "virConnectSetKeepAlive")]
    internal static partial int SetKeepAlive(nint connection, int seconds, uint count);

    [LibraryImport(Library, EntryPoint = "virConnectIsAlive")]
    internal static partial int IsAlive(nint connection);

    [LibraryImport(Library, EntryPoint = "virConnectListAllNetworks")]
    internal static partial int ListNetworks(nint connection, nint** networks, uint flags);

    [LibraryImport(Library, EntryPoint = "virNetworkGetXMLDesc")]
    internal static partial nint NetworkXml(nint network, uint flags);

    [LibraryImport(Library, EntryPoint = "virNetworkLookupByName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint FindNetwork(nint connection, string name);

    [LibraryImport(Library, EntryPoint = "virNetworkDefineXML", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint DefineNetwork(nint connection, string xml);

    [LibraryImport(Library, EntryPoint = "virNetworkCreate")]
    internal static partial int StartNetwork(nint network);

    [LibraryImport(Library, EntryPoint = "virNetworkDestroy")]
    internal static partial int StopNetwork(nint network);

    [LibraryImport(Library, EntryPoint = "virNetworkUndefine")]
    internal static partial int UndefineNetwork(nint network);

    [LibraryImport(Library, EntryPoint = "virNetworkSetAutostart")]
    internal static partial int SetAutostart(nint network, int on);

    [LibraryImport(Library, EntryPoint = "virNetworkGetAutostart")]
    internal static partial int GetAutostart(nint network, int* on);

    [LibraryImport(Library, EntryPoint = "virNetworkIsActive")]
    internal static partial int IsActive(nint network);

    [LibraryImport(Library, EntryPoint = "virNetworkFree")]
    internal static partial int FreeNetwork(nint network);

    [LibraryImport(Library, EntryPoint = "virConnectListAllDomains")]
    internal static partial int ListDomains(nint connection, nint** domains, uint flags);

    [LibraryImport(Library, EntryPoint = "virDomainGetXMLDesc")]
    internal static partial nint DomainXml(nint domain, uint flags);

    /// <summary>The text belongs to the domain.</summary>
    [LibraryImport(Library, EntryPoint = "virDomainGetName")]
    internal static partial nint DomainName(nint domain);

    [LibraryImport(Library, EntryPoint = "virDomainLookupByName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint FindDomain(nint connection, string name);

    [LibraryImport(Library, EntryPoint = "virDomainFree")]
    internal static partial int FreeDomain(nint domain);

    [LibraryImport(Library, EntryPoint = "virConnectDomainEventRegisterAny")]
    internal static partial int RegisterDomainEvent(nint connection, nint domain, int id, nint callback, nint opaque, nint free);

    [LibraryImport(Library, EntryPoint = "virConnectDomainEventDeregisterAny")]
    internal static partial int DeregisterDomainEvent(nint connection, int callback);

    /// <summary>free(3): what the library allocated.</summary>
    [LibraryImport("libc", EntryPoint = "free")]
    internal static partial void Free(nint memory);
}
