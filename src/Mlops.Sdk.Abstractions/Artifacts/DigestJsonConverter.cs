using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Sdk.Artifacts;

/// <summary>A digest is its text form in JSON. System.Text.Json finds it by itself; it is public for source-generated contexts.</summary>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    /// <inheritdoc/>
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Digest.TryParse(reader.GetString(), out var digest)
            ? digest
            : throw new JsonException("A digest is a string of the form sha256:<64 lower-case hexadecimal digits>.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
