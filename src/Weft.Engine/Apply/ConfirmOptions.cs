namespace Weft.Engine.Apply;

/// <summary>How a change is proved to be good.</summary>
/// <param name="Wait">How long it waits for "weft confirm" before it is taken back.</param>
public sealed record ConfirmOptions(TimeSpan Wait);
