using System.Text;
using Weft.Linux.Processes;

namespace Weft.Cli;

/// <summary>Standard output and error that are full, hung up or closed.</summary>
internal static class StandardStreams
{
    /// <summary>To be called before anything else: a fault of standard output says so, and one of standard error has nobody left to be told and is dropped.</summary>
    /// <param name="args">The command line.</param>
    internal static void Prepare(string[] args)
    {
        if (ProcessImage.OpenStandardStreams()) ProcessImage.Become(Environment.ProcessPath!, args);
        Console.SetOut(new Guarded(Console.Out, e => throw Fault(e)));
        Console.SetError(new Guarded(Console.Error, _ => { }));
    }

    /// <summary>Writes bytes to standard output.</summary>
    /// <exception cref="IOException">It takes no more.</exception>
    internal static void Write(ReadOnlySpan<byte> bytes)
    {
        using var output = Console.OpenStandardOutput();
        try
        {
            output.Write(bytes);
        }
        catch (IOException e)
        {
            throw Fault(e);
        }
    }

    private static IOException Fault(IOException e) => new($"write to standard output: {e.Message}", e);

    private sealed class Guarded(TextWriter inner, Action<IOException> refused) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            try
            {
                inner.Write(buffer);
            }
            catch (IOException e)
            {
                refused(e);
            }
        }
    }
}
