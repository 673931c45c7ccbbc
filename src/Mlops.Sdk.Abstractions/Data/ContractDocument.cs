using System.Text.Json.Serialization;

namespace Mlops.Sdk.Data;

internal sealed record ContractDocument
{
    public const int CurrentFormat = 1;

    // A condition may be 100 nodes deep, and each takes an object and an array.
    public const int MaxDepth = 256;

    public required int Format { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<ContractColumn> Columns { get; init; }

    public IReadOnlyList<RowRule> Rules { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, MaxDepth = 256, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ContractDocument))]
internal sealed partial class ContractJsonContext : JsonSerializerContext;
