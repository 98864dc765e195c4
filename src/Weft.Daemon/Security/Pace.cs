using System.Threading.RateLimiting;
using Weft.Daemon.Http;

namespace Weft.Daemon.Security;

/// <summary>Keeps one caller over the network from taking the time of all others. Users of this host are not held back.</summary>
internal sealed class Pace(int rate) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new()
    {
        TokenLimit = rate, TokensPerPeriod = rate, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0, AutoReplenishment = true,
    }));

    /// <summary>Lets a request in.</summary>
    /// <exception cref="ProblemException">The caller has made too many.</exception>
    internal void Admit(string name)
    {
        using var lease = _limiter.AttemptAcquire(name);
        if (!lease.IsAcquired) throw new ProblemException(StatusCodes.Status429TooManyRequests, $"{name} has made more than {rate} requests in a second");
    }

    public void Dispose() => _limiter.Dispose();
}
