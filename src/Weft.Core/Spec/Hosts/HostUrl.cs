using System.Diagnostics.CodeAnalysis;

namespace Weft.Core.Spec.Hosts;

/// <summary>Addresses of daemons.</summary>
public static class HostUrl
{
    /// <summary>Reads https://HOST:PORT, ssh://USER@HOST:PORT or unix:/PATH; false for all else.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out Uri url) => Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme switch
    {
        "https" => url.Host.Length > 0 && url is { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" },
        // What begins with '-' would be an option to ssh.
        "ssh" => url.Host.Length > 0 && url is { AbsolutePath: "/" or "", Query: "", Fragment: "" } && !url.UserInfo.StartsWith('-') && !url.UserInfo.Contains(':') && !url.Host.StartsWith('-'),
        "unix" => url.AbsolutePath.StartsWith('/') && url is { Query: "", Fragment: "" },
        _ => false,
    };
}
