using Weft.Linux.Libc;
using Xunit;

namespace Weft.Linux.Tests.Libc;

/// <summary>What of a program's file may be forgotten.</summary>
public sealed class ProgramMapsTests
{
    private const string Program = "/usr/sbin/a program";

    [Fact]
    public void Only_what_can_not_be_written_and_was_not_is_clean()
    {
        string[] smaps =
        [
            .. Part("1000-3000 r--p 00000000 fd:00 12                         /usr/sbin/a program", 0),
            .. Part("3000-8000 r-xp 00002000 fd:00 12                         /usr/sbin/a program", 0),
            .. Part("8000-9000 r--p 00007000 fd:00 12                         /usr/sbin/a program", 4), // relocated, then protected
            .. Part("9000-a000 rw-p 00008000 fd:00 12                         /usr/sbin/a program", 0),
            .. Part("a000-b000 r--s 00008000 fd:00 12                         /usr/sbin/a program", 0),
            .. Part("7f0000000000-7f0000001000 r-xp 00000000 fd:00 13         /usr/lib/libc.so.6", 0),
            .. Part("7f0000002000-7f0000003000 r--p 00000000 00:00 0", 0),
        ];
        Assert.Equal([(0x1000, 0x2000u), (0x3000, 0x5000u)], ProgramMaps.Clean(smaps, Program).Select(p => ((int)p.From, (uint)p.Length)));
    }

    [Fact]
    public void A_program_goes_on_without_its_pages()
    {
        var mine = ProgramMaps.Clean(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!).ToList();
        Assert.NotEmpty(mine);
        FreeMemory.Trim();
        Assert.Equal(mine, ProgramMaps.Clean(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!));
    }

    private static string[] Part(string header, int anonymous) => [header, "Size:                  4 kB", $"Anonymous:         {anonymous,4} kB", "VmFlags: rd ex mr mw me"];
}
