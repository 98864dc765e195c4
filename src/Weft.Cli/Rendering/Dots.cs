namespace Weft.Cli.Rendering;

/// <summary>One line, that grows by a dot a round: something must go to the client that is probed, or its connection would be silent, living or not. So also beside a JSON document.</summary>
internal sealed class Dots
{
    private bool _begun;

    internal void Add()
    {
        Console.Error.Write(_begun ? "." : "probing .");
        _begun = true;
    }

    internal void End()
    {
        if (_begun) Console.Error.WriteLine();
        _begun = false;
    }
}
