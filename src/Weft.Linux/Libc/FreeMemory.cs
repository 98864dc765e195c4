namespace Weft.Linux.Libc;

/// <summary>Memory that the C library keeps for later.</summary>
public static class FreeMemory
{
    /// <summary>Gives what is free of it back to the kernel (malloc_trim(3)); a C library that has no such function has nothing to give.</summary>
    public static void Trim()
    {
        try
        {
            _ = NativeMethods.MallocTrim(0); // whether there was any
        }
        catch (EntryPointNotFoundException) // musl
        {
        }
    }
}
