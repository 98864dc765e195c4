using Weft.Engine.Documents;

namespace Weft.Engine.Service;

/// <summary>A port more or less that somebody waits for, perhaps beside others.</summary>
/// <param name="request">What is wanted.</param>
/// <param name="user">Who asks; kept in the history.</param>
/// <param name="client">Who wants it.</param>
public sealed class PortChange(ChangeRequest request, string user, IChangeClient client)
{
    private readonly TaskCompletionSource<ChangeDocument> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What became of it.</summary>
    public Task<ChangeDocument> Done => _done.Task;

    internal ChangeRequest Request => request;
    internal string User => user;
    internal IChangeClient Client => client;

    /// <summary>Ports of one machine are made one after the other.</summary>
    internal string Machine => request switch { AddPortRequest add => add.Machine, RemovePortRequest remove => remove.Machine, _ => throw new ArgumentException($"{request.What} is no change of a port") };

    /// <summary>Nobody waits for it any more, and it has not begun.</summary>
    /// <param name="stop">Why.</param>
    public void Cancel(CancellationToken stop) => _done.TrySetCanceled(stop);

    /// <summary>It came to an end.</summary>
    /// <param name="end">Says how, or throws.</param>
    internal void End(Func<ChangeDocument> end)
    {
        try
        {
            _done.SetResult(end());
        }
        catch (Exception e) // belongs to whoever waits for it
        {
            _done.SetException(e);
        }
    }
}
