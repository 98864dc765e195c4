using System.Collections;
using System.Net;
using System.Reflection;
using System.Text;
using Weft.Core.Diagnostics;
using Weft.Core.Model;

namespace Weft.Core.Tests.Spec;

/// <summary>
/// Renders every property of a spec except its place, so that two specs can be compared by value: records compare immutable
/// arrays by reference, and places differ between a file and its print. Independent of the writer on purpose.
/// </summary>
internal static class Structural
{
    public static string Render(object? value)
    {
        var text = new StringBuilder();
        Render(value, text);
        return text.ToString();
    }

    private static void Render(object? value, StringBuilder to)
    {
        switch (value)
        {
            case null: to.Append("null"); break;
            case string or bool or int or Enum or IPAddress or IpPrefix or MacAddress: to.Append(value); break;
            case IEnumerable items: List(items, to); break;
            default: Properties(value, to); break;
        }
    }

    private static void List(IEnumerable items, StringBuilder to)
    {
        to.Append('[');
        foreach (var i in items) { Render(i, to); to.Append(' '); }
        to.Append(']');
    }

    private static void Properties(object value, StringBuilder to)
    {
        to.Append(value.GetType().Name).Append('{');
        foreach (var p in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.PropertyType != typeof(Location)).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            to.Append(p.Name).Append('=');
            Render(p.GetValue(value), to);
            to.Append('\n');
        }
        to.Append('}');
    }
}
