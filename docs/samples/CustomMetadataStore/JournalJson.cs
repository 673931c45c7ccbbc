using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mlops.Sdk.Metadata;

namespace CustomMetadataStore;

/// <summary>The first line.</summary>
internal sealed record JournalHeader(int Version, Guid StoreId);

/// <summary>Every further line: a changeset and the time at which it was applied.</summary>
internal sealed record JournalLine(DateTimeOffset At, Changeset Changeset);

/// <summary>The stored form of a line: one JSON object, ended by a line feed.</summary>
internal static class JournalJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new AttributeValueConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameChanges } },
    };

    public static byte[] Write<T>(T line) => [.. JsonSerializer.SerializeToUtf8Bytes(line, Options), (byte)'\n'];

    public static T Read<T>(ReadOnlyMemory<byte> line) => JsonSerializer.Deserialize<T>(line.Span, Options) ?? throw new JsonException("The line is null.");

    /// <summary>Names the kinds of change in the file, so that a later version may rename its types.</summary>
    private static void NameChanges(JsonTypeInfo type)
    {
        if (type.Type == typeof(Change))
        {
            type.PolymorphismOptions = new()
            {
                TypeDiscriminatorPropertyName = "op",
                DerivedTypes =
                {
                    new(typeof(Change.Require), "require"), new(typeof(Change.Create), "create"), new(typeof(Change.CreateNumbered), "number"), new(typeof(Change.Put), "put"),
                    new(typeof(Change.Delete), "delete"), new(typeof(Change.Set), "set"), new(typeof(Change.SetOnce), "once"), new(typeof(Change.Touch), "touch"),
                    new(typeof(Change.Append), "append"), new(typeof(Change.Connect), "connect"), new(typeof(Change.Disconnect), "disconnect"), new(typeof(Change.Note), "note"),
                },
            };
        }
    }

    /// <summary>A text is a string, a number is a number, and a number that JSON does not know is a list of its name, so that it is never taken for a text.</summary>
    private sealed class AttributeValueConverter : JsonConverter<AttributeValue>
    {
        public override AttributeValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => reader.GetDouble(),
            _ => JsonSerializer.Deserialize<double[]>(ref reader, options) is [var number] ? number : throw new JsonException("An attribute is a text or a number."),
        };

        public override void Write(Utf8JsonWriter writer, AttributeValue value, JsonSerializerOptions options)
        {
            if (value.Text is { } text)
            {
                writer.WriteStringValue(text);
            }
            else if (double.IsFinite(value.Number!.Value))
            {
                writer.WriteNumberValue(value.Number.Value);
            }
            else
            {
                JsonSerializer.Serialize(writer, new[] { value.Number.Value }, options);
            }
        }
    }
}
