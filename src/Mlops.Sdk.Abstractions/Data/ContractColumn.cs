using System.Text.Json.Serialization;

namespace Mlops.Sdk.Data;

/// <summary>One column of a contract with its rules. Values are written as text by <see cref="ContractLiteral"/>, so that no digit is lost.</summary>
public sealed record ContractColumn
{
    /// <summary>The column, exactly as the file spells it.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ColumnType Type { get; init; }

    /// <summary>Whether null breaks <c>presence</c>. Every other rule skips null.</summary>
    public bool Required { get; init; }

    /// <summary>What NaN and the infinities mean; only for <see cref="ColumnType.Number"/>.</summary>
    public NonFinitePolicy NonFinite { get; init; }

    /// <summary>The least value, or null.</summary>
    public string? Minimum { get; init; }

    /// <summary>The greatest value, or null.</summary>
    public string? Maximum { get; init; }

    /// <summary>The only values that are allowed, or null.</summary>
    public IReadOnlyList<string>? OneOf { get; init; }

    /// <summary>The least number of Unicode code points, or null.</summary>
    public int? MinLength { get; init; }

    /// <summary>The greatest number of Unicode code points, or null.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The pattern that the whole text matches, or null; see <see cref="ContractPattern"/>.</summary>
    public string? Pattern { get; init; }
}
