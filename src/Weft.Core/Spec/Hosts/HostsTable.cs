using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Weft.Core.Spec.Shapes;
using Weft.Core.Spec.Tables;

namespace Weft.Core.Spec.Hosts;

/// <summary>Keys of the file of other hosts.</summary>
internal static class HostsTable
{
    private static readonly TextShape<Uri> Address = new("the address of a daemon", SpecCodes.BadListen, "^(https|ssh|unix):", HostUrl.TryParse, "https://HOST:PORT, ssh://USER@HOST or unix:/PATH");
    private static readonly TextShape<string> Name = new("a name without blanks and '/'", SpecCodes.BadName, "^[^ /:-][^ /:]*$", (string t, [MaybeNullWhen(false)] out string v) => (v = t).Length is > 0 and <= 253 && t[0] != '-' && t.IndexOfAny([' ', '/', ':']) < 0);

    private static readonly Key<Uri> Url = new("url", Address, "Where its daemon is.") { Required = true };
    private static readonly Key<string> Authorities = new("authorities", Texts.AbsolutePath, "Certificates in PEM of whoever vouches for the daemon.") { Default = "those the system trusts" };
    private static readonly Key<string> TokenFile = new("token_file", Texts.AbsolutePath, "Holds the token; only its owner may read it.");
    private static readonly Key<string> Certificate = new("certificate", Texts.AbsolutePath, "The client's certificate in PEM.");
    private static readonly Key<string> PrivateKey = new("key", Texts.AbsolutePath, "Its key in PEM.");
    private static readonly RecordShape<HostSpec> HostRecord = new("host", "How a daemon is reached.", [Url, Authorities, TokenFile, Certificate, PrivateKey], Host);

    private static readonly NamedShape<HostSpec, HostSpec> ByName = new(Name, HostRecord, (name, _, h) => h with { Name = name });
    private static readonly Key<ImmutableArray<HostEntry>> Hosts = new("hosts", new ApartShape<HostSpec, HostEntry>(ByName, (name, h, faults) => new(name, h, faults)), "Other hosts by name.") { Required = true };

    /// <summary>The whole file.</summary>
    public static readonly RecordShape<HostsSpec> Shape = new("hosts", "How weft --host reaches other hosts.", [Hosts], f => new HostsSpec(f.Or(Hosts, [])));

    private static HostSpec? Host(Fields f)
    {
        if (!f.TryGet(Url, out var url)) return null;
        var host = new HostSpec("", url!) { Authorities = f.Get(Authorities), TokenFile = f.Get(TokenFile), Certificate = f.Get(Certificate), Key = f.Get(PrivateKey) };
        if (host.Certificate is null != host.Key is null) f.Context.Error(SpecCodes.MissingKey, f.At, $"{f.Context.Path}: certificate and key go together");
        return host;
    }
}
