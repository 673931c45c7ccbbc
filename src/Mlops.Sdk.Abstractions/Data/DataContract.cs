using System.Text;
using System.Text.Json;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Data;

/// <summary>What every row of a data set must satisfy. Immutable data: it can be stored as JSON, compared by digest and compiled by any engine.</summary>
public class DataContract
{
    private readonly string json;

    /// <summary>Creates a contract; columns and rules are put in ordinal order of their names, so that the order of declaration does not matter.</summary>
    /// <exception cref="ArgumentException">A rule is not well-formed; the message names the column or rule.</exception>
    public DataContract(string name, IEnumerable<ContractColumn> columns, IEnumerable<RowRule>? rules = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(columns);
        Name = name;
        Columns = columns.Select(ContractForm.Normalize).OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
        Rules = (rules ?? []).Select(r => r ?? throw new ArgumentException("A rule is null.", nameof(rules))).OrderBy(r => r.Name, StringComparer.Ordinal).ToArray();
        Checks = Columns.SelectMany(ContractCheck.Of).Concat(Rules.Select(ContractCheck.Of)).ToArray();
        ContractForm.Validate(this);
        json = JsonSerializer.Serialize(new ContractDocument { Format = ContractDocument.CurrentFormat, Name = Name, Columns = Columns, Rules = Rules }, ContractJsonContext.Default.ContractDocument);
        Digest = Digest.Of(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>The name, for example <c>flights</c>.</summary>
    public string Name { get; }

    /// <summary>The columns, in ordinal order of their names.</summary>
    public IReadOnlyList<ContractColumn> Columns { get; }

    /// <summary>The cross-column rules, in ordinal order of their names.</summary>
    public IReadOnlyList<RowRule> Rules { get; }

    /// <summary>Everything that is checked, in the order in which reasons are reported.</summary>
    public IReadOnlyList<ContractCheck> Checks { get; }

    /// <summary>The digest of the canonical JSON: equal exactly when the contracts are equal.</summary>
    public Digest Digest { get; }

    /// <summary>The canonical JSON.</summary>
    public string ToJson() => json;

    /// <summary>Reads a contract back, without the C# type that it was made from.</summary>
    /// <exception cref="CorruptedException">The text is not a contract, or of a newer format.</exception>
    public static DataContract Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            RequireKnownFormat(json);
            var document = JsonSerializer.Deserialize(json, ContractJsonContext.Default.ContractDocument) ?? throw new JsonException("null");
            return new DataContract(document.Name, document.Columns, document.Rules);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException)
        {
            throw new CorruptedException($"The text is not a data contract: {e.Message}", e);
        }
    }

    // A newer format may have members that this version refuses, so the number is read before the rest.
    private static void RequireKnownFormat(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = ContractDocument.MaxDepth });
        if (document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.Number && format.TryGetInt32(out var number) && number != ContractDocument.CurrentFormat)
        {
            throw new CorruptedException($"The contract has format {number}; this version reads {ContractDocument.CurrentFormat}. Update Mlops.Sdk.");
        }
    }
}
