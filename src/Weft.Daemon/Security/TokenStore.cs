using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Weft.Core.Spec.Daemon;

namespace Weft.Daemon.Security;

/// <summary>A bearer token (RFC 6750) as it is kept: what it opens, and not what it is.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Hash">SHA-256 of the token in hexadecimal. It has 256 random bits, so a slow hash would add nothing.</param>
/// <param name="Role">What it opens.</param>
/// <param name="Projects">Only these projects; null for all.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends (UTC).</param>
internal sealed record TokenRecord(string Name, string Hash, Role Role, ImmutableArray<string>? Projects, DateTimeOffset Created, DateTimeOffset Expires);

/// <summary>The tokens of a host, in a file beside its database. Read again when it changes, so that a token taken away opens nothing any more.</summary>
internal sealed class TokenStore(string path, TimeProvider clock)
{
    private const string Prefix = "weft_"; // lets programs that look for lost secrets find it
    private const int Bytes = 32, LongestName = 64; // the name stands in lists and in each line of the audit log
    private readonly Lock _reading = new();
    private (DateTime Written, ImmutableArray<TokenRecord> Tokens)? _read;

    /// <summary>The file of a state directory.</summary>
    internal static string PathIn(string state) => Path.Combine(state, "tokens.json");

    /// <summary>All tokens.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It was damaged.</exception>
    internal ImmutableArray<TokenRecord> All
    {
        get
        {
            lock (_reading)
            {
                var written = File.GetLastWriteTimeUtc(path);
                if (_read is { } known && known.Written == written) return known.Tokens;
                _read = (written, Read());
                return _read.Value.Tokens;
            }
        }
    }

    /// <summary>Makes a token.</summary>
    /// <returns>The token, which is kept nowhere.</returns>
    /// <exception cref="ArgumentException">The name is none, there is one of that name, or it would have ended at once.</exception>
    internal string Add(string name, Role role, ImmutableArray<string>? projects, TimeSpan life)
    {
        if (name.Length is 0 or > LongestName || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) throw new ArgumentException($"'{name}' is no name for a token: 1 to {LongestName} characters without blanks");
        if (life <= TimeSpan.Zero) throw new ArgumentException($"token {name}: it would have ended when it is made; let it live for a while");
        if (All.Any(t => t.Name == name)) throw new ArgumentException($"there is a token {name}: remove it first, or choose another name");
        var token = Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var now = clock.GetUtcNow();
        Write(All.Add(new TokenRecord(name, Hash(token), role, projects, now, now + life)));
        return token;
    }

    /// <summary>Takes a token away.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    internal void Remove(string name)
    {
        var rest = All.RemoveAll(t => t.Name == name);
        if (rest.Length == All.Length) throw new ArgumentException($"there is no token {name}: weftd token list shows them");
        Write(rest);
    }

    /// <summary>Whether a token has ended.</summary>
    internal bool HasEnded(TokenRecord token) => token.Expires <= clock.GetUtcNow();

    /// <summary>What a token opens; null when it is none, or has ended.</summary>
    internal TokenRecord? Find(string token)
    {
        var hash = Encoding.ASCII.GetBytes(Hash(token));
        return All.FirstOrDefault(t => CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(t.Hash)) && !HasEnded(t));
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private ImmutableArray<TokenRecord> Read()
    {
        if (!File.Exists(path)) return [];
        try
        {
            var tokens = JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenJson.Default.ImmutableArrayTokenRecord);
            return !tokens.IsDefault && tokens.All(t => t is not null) ? tokens : throw new JsonException("null where a token is wanted");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"the tokens in {path} cannot be read: {e.Message}", e);
        }
    }

    // Whole or not at all, and for nobody else to read.
    private void Write(ImmutableArray<TokenRecord> tokens)
    {
        var part = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(part, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            JsonSerializer.Serialize(file, tokens, TokenJson.Default.ImmutableArrayTokenRecord);
            file.Flush(flushToDisk: true);
        }
        File.Move(part, path, overwrite: true);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImmutableArray<TokenRecord>))]
internal sealed partial class TokenJson : JsonSerializerContext;
