namespace Weft.Engine.Drivers;

/// <summary>A driver does not do a step because it would touch what is not Weft's, or because what it needs is not there.</summary>
/// <param name="operation">What was asked for and of which object, as a person would say it.</param>
/// <param name="reason">Why it is not done.</param>
/// <param name="advice">What to do about it.</param>
public sealed class DriverException(string operation, string reason, string advice) : IOException($"{operation}: {reason}; {advice}")
{
    /// <summary>What was asked for and of which object.</summary>
    public string Operation { get; } = operation;
}
