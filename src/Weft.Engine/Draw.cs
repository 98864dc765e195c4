using System.Buffers.Binary;

namespace Weft.Engine;

/// <summary>
/// Numbers drawn from a seed (SplitMix64, Steele, Lea and Flood 2014): the same ones each time. They tell hosts and machines apart; they keep nothing
/// secret.
/// </summary>
/// <param name="seed">Where it begins.</param>
/// <param name="boot">The kernel's boot_id: hosts that are copies of one image have the same seed, and another boot.</param>
internal sealed class Draw(ulong seed, Guid boot)
{
    private ulong _state = seed ^ BinaryPrimitives.ReadUInt64LittleEndian(boot.ToByteArray());

    /// <summary>Fills a buffer with the next ones.</summary>
    public void Fill(Span<byte> buffer)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (; buffer.Length > 0; buffer = buffer[Math.Min(buffer.Length, word.Length)..])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Next());
            word[..Math.Min(buffer.Length, word.Length)].CopyTo(buffer);
        }
    }

    private ulong Next()
    {
        var z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
