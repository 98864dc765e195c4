namespace Weft.Engine.Drivers.Nft;

/// <summary>Somebody changed the nftables rules between plan and act; nothing was changed by the transaction that found it.</summary>
public sealed class RulesetChangedException : IOException
{
    /// <summary>Makes it from the generation that was planned on.</summary>
    /// <param name="expected">The ruleset's generation when the plan was made.</param>
    /// <param name="inner">The kernel's refusal, when it was the kernel that found it.</param>
    public RulesetChangedException(uint expected, Exception? inner = null)
        : base($"change Weft's nftables tables: someone changed the nftables rules since the plan was made (it was made on generation {expected}); make the plan again", inner) =>
        Expected = expected;

    /// <summary>The generation that was planned on.</summary>
    public uint Expected { get; }
}
