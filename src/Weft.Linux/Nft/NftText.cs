using System.Runtime.InteropServices;
using Weft.Linux.Libc;

namespace Weft.Linux.Nft;

/// <summary>
/// Rulesets as text, carried out by libnftables in one transaction, in the network namespace of the calling thread. The library, not nft(8): starting
/// a process costs three times as much as the work.
/// </summary>
public static class NftText
{
    /// <summary>Applies a ruleset.</summary>
    /// <exception cref="IOException">libnftables is not installed, or it refused the text: its own words.</exception>
    public static void Apply(string ruleset) => Run(ruleset, "load an nftables ruleset");

    /// <summary>Checks a ruleset against the kernel and changes nothing.</summary>
    /// <exception cref="IOException">libnftables is not installed, or it refused the text: its own words.</exception>
    public static void Check(string ruleset) => Run(ruleset, "check an nftables ruleset", dry: true);

    /// <summary>Lists a table as text.</summary>
    /// <exception cref="IOException">libnftables is not installed, or there is no such table.</exception>
    public static string List(string family, string table) => Run($"list table {family} {table}", $"list nftables table {family} {table}");

    /// <summary>Lists a table's chains, rules and declarations of sets as text that can be applied again: no elements, no counts.</summary>
    /// <exception cref="IOException">libnftables is not installed, or there is no such table.</exception>
    public static string Declarations(string family, string table) => Run($"list table {family} {table}", $"list nftables table {family} {table}",
        flags: NftLibrary.NFT_CTX_OUTPUT_STATELESS | NftLibrary.NFT_CTX_OUTPUT_TERSE);

    /// <summary>Lists a table's chains and rules in JSON (libnftables-json(5)): no elements, no counts.</summary>
    /// <exception cref="IOException">libnftables is not installed or has no JSON, or there is no such table.</exception>
    public static string Rules(string family, string table) => Run($"list table {family} {table}", $"list nftables table {family} {table}",
        flags: NftLibrary.NFT_CTX_OUTPUT_STATELESS | NftLibrary.NFT_CTX_OUTPUT_TERSE | NftLibrary.NFT_CTX_OUTPUT_JSON);

    // libnftables waits with select(2), and ends the process when the number of its socket is too high for that.
    private static string Run(string commands, string operation, bool dry = false, uint flags = 0) => BareThread.RunWhereMany(() => RunHere(commands, operation, dry, flags));

    private static string RunHere(string commands, string operation, bool dry, uint flags)
    {
        var context = New(operation);
        try
        {
            NftLibrary.SetDryRun(context, dry);
            NftLibrary.SetOutputFlags(context, flags);
            if (NftLibrary.BufferOutput(context) != 0 || NftLibrary.BufferError(context) != 0) throw new IOException($"{operation}: libnftables has no memory");
            if (NftLibrary.Run(context, commands) != 0) throw new IOException($"{operation}: {Text(NftLibrary.Error(context)).Trim()}");
            return Text(NftLibrary.Output(context));
        }
        finally
        {
            NftLibrary.Free(context);
        }
    }

    private static nint New(string operation)
    {
        try
        {
            var context = NftLibrary.New(0);
            return context != 0 ? context : throw new IOException($"{operation}: libnftables gives no context: its netlink socket cannot be opened");
        }
        catch (DllNotFoundException e)
        {
            throw new IOException($"{operation}: libnftables is not installed; install the package nftables", e);
        }
    }

    private static string Text(nint buffer) => Marshal.PtrToStringUTF8(buffer) ?? "";
}
