using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Weft.Core.Resources;
using Weft.Engine.Documents;

namespace Weft.Daemon.Endpoints;

/// <summary>Names a plan: who agreed to one does not get another.</summary>
internal static class PlanToken
{
    /// <summary>The token of a plan's steps.</summary>
    internal static string Of(ImmutableArray<StepDocument>? steps)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var step in steps ?? []) hash.AppendData(Encoding.UTF8.GetBytes($"{Text(step.Before)}\n{Text(step.After)}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(Resource? resource) => resource is null ? "" : ResourceJson.Write(resource);
}
