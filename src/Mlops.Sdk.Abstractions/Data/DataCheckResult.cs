using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Data;

/// <summary>What a check found. <see cref="Valid"/> + <see cref="Quarantined"/> = <see cref="Rows"/>.</summary>
public sealed record DataCheckResult
{
    /// <summary>The rows that were read.</summary>
    public required long Rows { get; init; }

    /// <summary>The rows that break no rule.</summary>
    public required long Valid { get; init; }

    /// <summary>The rows that break at least one rule.</summary>
    public long Quarantined => Rows - Valid;

    /// <summary>The number of rows for each reason that occurred; a row counts once for each of its reasons.</summary>
    public required IReadOnlyDictionary<string, long> Reasons { get; init; }

    /// <summary>The digest of the contract.</summary>
    public required Digest ContractDigest { get; init; }

    /// <summary>The file of valid rows, or null when none was asked for.</summary>
    public DataFile? ValidFile { get; init; }

    /// <summary>The file of broken rows, or null when none was asked for.</summary>
    public DataFile? QuarantineFile { get; init; }
}

/// <summary>A file that was written.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record DataFile(string Path, Digest Digest, long Length);
