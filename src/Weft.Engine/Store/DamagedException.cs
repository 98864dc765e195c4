namespace Weft.Engine.Store;

/// <summary>The database, or its copy, does not hold what was written to it.</summary>
/// <param name="message">Which, and what is wrong with it.</param>
/// <param name="cause">What found it.</param>
public sealed class DamagedException(string message, Exception? cause = null) : IOException(message, cause);
