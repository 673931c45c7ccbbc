namespace Mlops.Sdk.Data;

/// <summary>Where the rows of a check go. Folders must exist; existing files are replaced once both new ones are whole.</summary>
public sealed record QuarantineOptions
{
    /// <summary>The Parquet file for valid rows (zstd), with all columns of the input; columns of a CSV file get the types of the contract. Null writes none.</summary>
    public string? ValidPath { get; init; }

    /// <summary>The file for broken rows: <c>.parquet</c> or <c>.csv</c>. All columns as they were read, <c>_row</c> (the number of the row in the input, from 1) and <c>_reasons</c> (a list; in CSV joined by semicolons). Null writes none.</summary>
    public string? QuarantinePath { get; init; }
}
