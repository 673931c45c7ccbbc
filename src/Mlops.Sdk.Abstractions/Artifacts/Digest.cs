using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Mlops.Sdk.Artifacts;

/// <summary>The address of content: <c>sha256:</c> and 64 lower-case hexadecimal digits; in JSON a string of that form.</summary>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly string? value;

    private Digest(string value) => this.value = value;

    /// <summary>The digest of content.</summary>
    public static Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return FromHash(hash);
    }

    /// <summary>Wraps a finished SHA-256 hash of 32 bytes.</summary>
    /// <exception cref="ArgumentException">The hash does not have 32 bytes.</exception>
    public static Digest FromHash(ReadOnlySpan<byte> hash) =>
        hash.Length == SHA256.HashSizeInBytes ? new(Prefix + Convert.ToHexStringLower(hash)) : throw new ArgumentException("A SHA-256 hash has 32 bytes.", nameof(hash));

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is not a digest.</exception>
    public static Digest Parse(string text) => TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a digest of the form sha256:<64 lower-case hexadecimal digits>.");

    /// <summary>Reads the text form; false when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is null || text.Length != Prefix.Length + 64 || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        digest = new(text);
        return true;
    }

    /// <summary>The 64 hexadecimal digits.</summary>
    public string Hex => ToString()[Prefix.Length..];

    /// <inheritdoc/>
    public override string ToString() => value ?? throw new InvalidOperationException("This is default(Digest), not a digest.");
}
