using System.Runtime.InteropServices;

namespace Weft.Linux.Nft;

/// <summary>libnftables, the library that nft(8) is a wrapper of (nftables/libnftables.h).</summary>
internal static partial class NftLibrary
{
    internal const uint NFT_CTX_OUTPUT_STATELESS = 1 << 2, NFT_CTX_OUTPUT_JSON = 1 << 4, NFT_CTX_OUTPUT_TERSE = 1 << 11;
    private const string Library = "libnftables.so.1";

    /// <summary>A context has a netlink socket, in the network namespace of the thread that makes it.</summary>
    [LibraryImport(Library, EntryPoint = "nft_ctx_new")]
    internal static partial nint New(uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_free")]
    internal static partial void Free(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_set_dry_run")]
    internal static partial void SetDryRun(nint context, [MarshalAs(UnmanagedType.U1)] bool dry);

    [LibraryImport(Library, EntryPoint = "nft_ctx_output_set_flags")]
    internal static partial void SetOutputFlags(nint context, uint flags);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_output")]
    internal static partial int BufferOutput(nint context);

    [LibraryImport(Library, EntryPoint = "nft_ctx_buffer_error")]
    internal static partial int BufferError(nint context);

    /// <summary>The text belongs to the context.</summary>
    [LibraryImport(Library, EntryPoint = "nft_ctx_get_output_buffer")]
    internal static partial nint Output(nint context);

    /// <summary>The text belongs to the context.</summary>
    [LibraryImport(Library, EntryPoint = "nft_ctx_get_error_buffer")]
    internal static partial nint Error(nint context);

    [LibraryImport(Library, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Run(nint context, string commands);
}
