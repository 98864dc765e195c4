using System.Reflection;

namespace Weft.Daemon;

/// <summary>What this program is.</summary>
internal static class Product
{
    internal static string Version { get; } = typeof(Product).Assembly.GetName().Version!.ToString(3);
}
