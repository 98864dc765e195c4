namespace Weft.Cli.Rendering;

/// <summary>Colours of a text, as a terminal takes them (ECMA-48, Select Graphic Rendition); none where nobody would see them.</summary>
/// <param name="on">Whether the text goes to a terminal that has colours.</param>
internal sealed class Paint(bool on)
{
    internal string Bold(string text) => Put(1, text);
    internal string Red(string text) => Put(31, text);
    internal string Green(string text) => Put(32, text);
    internal string Yellow(string text) => Put(33, text);
    internal string Grey(string text) => Put(90, text);

    private string Put(int rendition, string text) => on ? $"\e[{rendition}m{text}\e[0m" : text;
}
