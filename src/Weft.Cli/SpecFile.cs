using System.Text.Unicode;
using Weft.Core.Diagnostics;
using Weft.Core.Spec;
using Weft.Engine;

namespace Weft.Cli;

/// <summary>Reads the file a verb is about: a path, "-" for standard input, or weft.yaml where none is named.</summary>
internal static class SpecFile
{
    /// <summary>What is read when the command line names no file.</summary>
    internal const string Usual = "weft.yaml";

    /// <summary>Reads the file's text; bytes that are no text, or too many, become faults.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static SpecSource? Read(string? path, DiagnosticBag faults)
    {
        path ??= Usual;
        var bytes = Bytes(path);
        var name = path == "-" ? "standard input" : path;
        if (bytes.Length <= SpecReader.MaxBytes && Utf8.IsValid(bytes)) return new SpecSource(name, System.Text.Encoding.UTF8.GetString(bytes));
        SpecReader.Load(name, bytes, faults); // says what is wrong with them
        return null;
    }

    private static byte[] Bytes(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a directory: name the file in it");
        using var stream = path == "-" ? Console.OpenStandardInput() : Open(path);
        var buffer = new MemoryStream();
        var part = new byte[65536];
        for (int n; buffer.Length <= SpecReader.MaxBytes && (n = stream.Read(part)) > 0;) buffer.Write(part, 0, n);
        return buffer.ToArray();
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException(path == Usual ? $"there is no {Usual} here: name the file" : $"there is no file {path}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"read {path}: permission denied", e);
        }
    }
}
