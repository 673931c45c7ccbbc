using System.Diagnostics.CodeAnalysis;

namespace Mlops.Sdk.Data;

/// <summary>Scans data sets that are too large for a loop over records. Thread-safe; nothing but the named files is read or written.</summary>
[Experimental("MLOPS001")]
public interface IDataEngine
{
    /// <summary>The columns and the number of rows of a data set.</summary>
    /// <exception cref="MlopsException">A file is missing, damaged or of another format; the message names it and the remedy.</exception>
    Task<DataSchema> DescribeAsync(DataSource source, CancellationToken cancellationToken = default);

    /// <summary>Checks every row and, when <paramref name="quarantine"/> asks for it, writes valid rows and broken rows to files. Every row ends in exactly one of the two, in the order of the input.</summary>
    /// <remarks>Files appear whole or not at all, and equal input gives equal bytes. Cancelling interrupts the scan and leaves nothing behind.</remarks>
    /// <exception cref="MlopsException">A file is missing or damaged, a column is unknown or of another type, or a file changed meanwhile; the message names it and the remedy.</exception>
    Task<DataCheckResult> CheckAsync(DataSource source, DataContract contract, QuarantineOptions? quarantine = null, CancellationToken cancellationToken = default);
}
