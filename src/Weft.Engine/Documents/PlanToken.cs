using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Weft.Core.Planning;
using Weft.Core.Resources;

namespace Weft.Engine.Documents;

/// <summary>Names a plan: who agreed to one does not get another.</summary>
public static class PlanToken
{
    /// <summary>The token of a plan's steps.</summary>
    public static string Of(ImmutableArray<Step> steps)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var step in steps) hash.AppendData(Encoding.UTF8.GetBytes($"{Text(step.Before)}\n{Text(step.After)}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(Resource? resource) => resource is null ? "" : ResourceJson.Write(resource);
}
