namespace Weft.Linux.Libc;

/// <summary>Memory that is not needed now.</summary>
public static class FreeMemory
{
    /// <summary>
    /// Gives back to the kernel what the C library keeps for later (malloc_trim(3)), and the pages of the program's own file: it has them in its cache, and hands those that are needed again
    /// over without reading anything.
    /// </summary>
    public static void Trim()
    {
        try
        {
            _ = NativeMethods.MallocTrim(0); // whether there was any
        }
        catch (EntryPointNotFoundException) // a C library that has no such function, musl, has nothing to give
        {
        }
        if (Environment.ProcessPath is { } program)
            foreach (var (from, length) in ProgramMaps.Clean(File.ReadLines("/proc/self/smaps"), program)) _ = NativeMethods.Madvise(from, length, MADV_DONTNEED); // as it was, where the kernel does not want to
    }

    private const int MADV_DONTNEED = 4; // linux/mman.h
}
