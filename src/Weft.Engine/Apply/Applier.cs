using System.Collections.Immutable;
using Weft.Core.Planning;
using Weft.Core.Resources;
using Weft.Engine.Drivers;

namespace Weft.Engine.Apply;

/// <summary>Watches an applier at work. A test makes it throw or end the process at any step; the command line shows progress.</summary>
public interface IApplyObserver
{
    /// <summary>When true every step is a batch of its own, so that each can be watched.</summary>
    bool StepByStep { get; }

    /// <summary>A batch is about to be carried out.</summary>
    /// <param name="first">Index of its first step.</param>
    /// <param name="total">Number of all steps.</param>
    /// <param name="step">Its first step.</param>
    void Before(int first, int total, Step step);

    /// <summary>A batch was carried out.</summary>
    /// <param name="done">Number of steps done so far.</param>
    /// <param name="total">Number of all steps.</param>
    void After(int done, int total);
}

/// <summary>Carries steps out, reads them back, takes them back. It knows neither store nor plan.</summary>
internal sealed class Applier(DriverSet drivers, IApplyObserver? observer)
{
    /// <summary>Carries all steps out.</summary>
    /// <exception cref="IOException">A step was refused; it and those before it may be done in part. <see cref="Undo"/> mends that.</exception>
    /// <exception cref="OperationCanceledException">A signal asked to end.</exception>
    public void Act(ImmutableArray<Step> steps, CancellationToken stop)
    {
        for (var i = 0; i < steps.Length;)
        {
            stop.ThrowIfCancellationRequested();
            var n = BatchLength(steps, i);
            observer?.Before(i, steps.Length, steps[i]);
            drivers.Of(steps[i].Key.Kind).Apply(steps.AsSpan(i, n).ToArray());
            i += n;
            observer?.After(i, steps.Length);
        }
        drivers.Finish();
    }

    /// <summary>
    /// Takes all steps back, the last first, whether they were carried out or not: drivers do only what is missing. A step that is refused does not keep
    /// the others from being taken back.
    /// </summary>
    /// <returns>What could not be taken back, and why.</returns>
    public ImmutableArray<string> Undo(ImmutableArray<Step> steps)
    {
        var inverse = steps.Reverse().Select(s => s.Inverse).ToImmutableArray();
        var failures = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < inverse.Length;)
        {
            var n = BatchLength(inverse, i);
            UndoBatch(inverse.AsSpan(i, n).ToArray(), failures);
            i += n;
        }
        if (Try(drivers.Finish) is { } why) failures.Add(why);
        return failures.ToImmutable();
    }

    /// <summary>Reads back what the steps are about.</summary>
    /// <returns>What is not as the steps say; empty when all is well.</returns>
    public ImmutableArray<string> Verify(ImmutableArray<Step> steps)
    {
        var there = drivers.Read(new ReadScope([.. steps.Select(s => s.Key)]));
        return [.. steps.Select(s => Fault(s, there.GetValueOrDefault(s.Key))).OfType<string>()];
    }

    private void UndoBatch(Step[] batch, ImmutableArray<string>.Builder failures)
    {
        if (Try(() => Apply(batch)) is not { } why) return;
        if (batch.Length == 1) failures.Add($"{batch[0].Key}: {why}");
        else
            foreach (var step in batch)
                if (Try(() => Apply([step])) is { } fault) failures.Add($"{step.Key}: {fault}");
    }

    private void Apply(Step[] batch) => drivers.Of(batch[0].Key.Kind).Apply(batch);

    private static string? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException) // told by the caller, with the object
        {
            return e.Message;
        }
    }

    private int BatchLength(ImmutableArray<Step> steps, int first)
    {
        if (observer is { StepByStep: true }) return 1;
        var driver = drivers.Of(steps[first].Key.Kind);
        var n = 1;
        while (first + n < steps.Length && drivers.Of(steps[first + n].Key.Kind) == driver) n++;
        return n;
    }

    private static string? Fault(Step step, Resource? there) => (step.After, there) switch
    {
        (null or { IsForeign: true }, null) => null,
        ({ IsForeign: true }, _) => $"{step.Key} was not given back",
        (null, _) => $"{step.Key} is still there",
        (_, null) => $"{step.Key} is not there",
        var (after, now) when LeftToKernel.Fill(after, now) is var filled && filled.Equals(now) => null,
        var (after, now) => $"{step.Key}: wanted, but found otherwise: {Difference.Between(LeftToKernel.Fill(after, now), now)}",
    };
}
