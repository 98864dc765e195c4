using Weft.Core.Planning;
using Weft.Engine.Documents;

namespace Weft.Engine.Service;

/// <summary>What show shows.</summary>
[Flags]
public enum ShowParts
{
    /// <summary>Networks.</summary>
    Networks = 1,
    /// <summary>Ports.</summary>
    Ports = 2,
    /// <summary>Leases.</summary>
    Leases = 4,
    /// <summary>Addresses.</summary>
    Addresses = 8,
    /// <summary>Forwards.</summary>
    Forwards = 16,
    /// <summary>All of it.</summary>
    All = Networks | Ports | Leases | Addresses | Forwards,
}

/// <summary>
/// A host on which Weft acts: this one, or one that is reached through its daemon. What is refused is a document that is not ok, with the diagnostics; what fails
/// otherwise is an exception.
/// </summary>
public interface IWeftHost
{
    /// <summary>The live state beside the declared one.</summary>
    /// <param name="parts">What of it.</param>
    /// <param name="project">Only of this project; null for all.</param>
    /// <exception cref="IOException">The host cannot be read.</exception>
    Document Show(ShowParts parts, string? project);

    /// <summary>How machines attach to the ports of one.</summary>
    /// <param name="machine">The machine.</param>
    /// <exception cref="IOException">The host cannot be read.</exception>
    Document Ports(string machine);

    /// <summary>The projects as last applied.</summary>
    /// <param name="project">With its text, only this one; null for all without text.</param>
    /// <exception cref="IOException">The host cannot be read.</exception>
    Document Projects(string? project);

    /// <summary>What was done, the newest first.</summary>
    /// <param name="project">Only of this project; null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="IOException">The host cannot be read.</exception>
    Document History(string? project, int limit);

    /// <summary>What a file would change.</summary>
    /// <param name="source">The file.</param>
    /// <exception cref="IOException">The host cannot be read.</exception>
    PlanDocument Plan(SpecSource source);

    /// <summary>What on the host is no longer as applied.</summary>
    /// <param name="project">Only this project; null for all.</param>
    /// <exception cref="IOException">The host cannot be read.</exception>
    Document Diff(string? project);

    /// <summary>Makes a change: works out, asks, acts, reads back.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="client">Who wants it.</param>
    /// <exception cref="IOException">The host cannot be read or written.</exception>
    ChangeDocument Change(ChangeRequest request, IChangeClient client);

    /// <summary>The change that waits to be confirmed; null when none waits.</summary>
    /// <exception cref="IOException">The host cannot be read.</exception>
    OpenDocument? Waiting { get; }

    /// <summary>Keeps the change that waits to be confirmed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    ChangeDocument Confirm();

    /// <summary>Takes the change that waits to be confirmed back.</summary>
    /// <param name="why">The reason, for the history.</param>
    /// <returns>Null when none waits.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    ChangeDocument? TakeBack(string why);
}

/// <summary>What whoever wants a change says to its plan.</summary>
public enum Consent
{
    /// <summary>Go on.</summary>
    Yes,
    /// <summary>Leave it.</summary>
    No,
    /// <summary>It takes time to think: nobody else is kept waiting, and afterwards it is looked whether the plan still holds.</summary>
    Ask,
}

/// <summary>Who wants a change: is shown the plan, and agrees to it.</summary>
public interface IChangeClient
{
    /// <summary>Told what an earlier command had left half-done and this one took back, before the plan.</summary>
    /// <param name="repair">What that was.</param>
    void Repaired(RepairDocument repair);

    /// <summary>Shown the plan, which has no faults.</summary>
    /// <param name="plan">What would be done.</param>
    Consent Planned(Plan plan);

    /// <summary>It agrees to any plan: there is no need to show it beforehand.</summary>
    bool AgreesBeforehand { get; }

    /// <summary>Asked, where the answer was <see cref="Consent.Ask"/>.</summary>
    bool Agrees();
}
