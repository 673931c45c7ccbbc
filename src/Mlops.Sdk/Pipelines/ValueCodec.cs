using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Pipelines;

/// <summary>A value that can be keyed, stored and read back.</summary>
/// <param name="Digest">Of the canonical encoding.</param>
/// <param name="Json">The stored form.</param>
/// <param name="Artifacts">The artifacts that it refers to, each once.</param>
/// <param name="Packages">The model packages that it refers to, each once.</param>
internal sealed record EncodedValue(Digest Digest, byte[] Json, IReadOnlyList<ArtifactRef> Artifacts, IReadOnlyList<Digest> Packages);

/// <summary>Values as they are keyed and stored. A value counts as data only when what is read back has the same canonical encoding.</summary>
internal sealed class ValueCodec
{
    private readonly JsonSerializerOptions json;
    private readonly CanonicalEncoder encoder;

    public ValueCodec(IOptions<PipelineOptions> options)
    {
        json = new JsonSerializerOptions
        {
            // Value tuples are fields.
            IncludeFields = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            MaxDepth = 256,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. options.Value.GetTypeInfoResolvers(), .. ReflectionJson.Resolvers]),
        };
        json.Converters.Add(new DigestConverter());
        json.Converters.Add(new ArtifactRefConverter());
        json.Converters.Add(new BigIntegerConverter());
        json.MakeReadOnly();
        encoder = new CanonicalEncoder(json);
    }

    public CanonicalEncoder Encoder => encoder;

    /// <summary>Encodes a value, or says why it cannot be.</summary>
    public EncodedValue? TryEncode<T>(T value, out string? problem)
    {
        problem = null;
        try
        {
            var (bytes, artifacts, packages) = encoder.Encode(value, typeof(T));
            var digest = Digest.Of(bytes);
            var text = JsonSerializer.SerializeToUtf8Bytes(value, Contract<T>());
            if (Digest.Of(encoder.Encode(Decode<T>(text), typeof(T)).Bytes) == digest)
            {
                return new(digest, text, [.. artifacts.Distinct()], [.. packages.Distinct()]);
            }

            problem = $"it of type {NotCanonicalException.NameOf(typeof(T))} is another value after it was written as JSON and read back: give every property a setter or a constructor parameter of its name";
        }
        catch (NotCanonicalException e)
        {
            problem = e.Message;
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            problem = $"it of type {NotCanonicalException.NameOf(typeof(T))} cannot be written as JSON and read back ({e.Message}): give every property a setter or a constructor parameter of its name";
        }

        return null;
    }

    /// <summary>Reads a stored value; null when it is not a value of the type any more.</summary>
    public EncodedValue? TryDecode<T>(byte[] text, out T value)
    {
        try
        {
            value = Decode<T>(text);
            var (bytes, artifacts, packages) = encoder.Encode(value, typeof(T));
            return new(Digest.Of(bytes), text, [.. artifacts.Distinct()], [.. packages.Distinct()]);
        }
        catch (Exception e) when (e is NotCanonicalException || IsUnreadable(e))
        {
            value = default!;
            return null;
        }
    }

    /// <summary>A copy of its own for whoever is handed the value.</summary>
    public T Decode<T>(byte[] text) => JsonSerializer.Deserialize(text, Contract<T>())!;

    private static bool IsUnreadable(Exception e) => e is JsonException or NotSupportedException or InvalidOperationException or ArgumentException or FormatException;

    private JsonTypeInfo<T> Contract<T>() => (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T));
}
