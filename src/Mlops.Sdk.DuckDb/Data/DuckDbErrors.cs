using DuckDB.NET.Data;

namespace Mlops.Sdk.Data;

/// <summary>Turns an error of DuckDB into one that names the file and the remedy. Details that could quote the data are left out.</summary>
internal static class DuckDbErrors
{
    // The lines of a message that say why and never quote the data.
    private static readonly string[] Causes = ["Expected", "Maximum line size", "Value with unterminated quote", "Invalid unicode"];

    public static MlopsException Read(DuckDBException error, DataSource source, IReadOnlyList<string> files, DuckDbOptions options)
    {
        var file = files.FirstOrDefault(f => error.Message.Contains(f, StringComparison.Ordinal)) ?? string.Join("', '", files);
        return Memory(error, file, options) ?? new CorruptedException(
            source.Format == DataFormat.Parquet
                ? $"The file '{file}' is not a whole Parquet file: {Reason(error)}. Copy it or make it again."
                : $"The file '{file}' is not a CSV file as its header says: {Reason(error)}. Repair that line or make the file again.",
            error) { Store = "duckdb", Operation = "read" };
    }

    public static MlopsException Write(DuckDBException error, string file, DuckDbOptions options) =>
        Memory(error, file, options) ?? new MlopsException($"The file '{file}' could not be written: {Reason(error)}. Check the space and the rights in its folder; nothing was left behind.", error) { Store = "duckdb", Operation = "write" };

    private static MlopsException? Memory(DuckDBException error, string file, DuckDbOptions options) =>
        error.Message.StartsWith("Out of Memory", StringComparison.OrdinalIgnoreCase)
            ? new($"Checking '{file}' needs more memory than {options.MemoryLimit}. Raise Mlops:DuckDb:MemoryLimit, or lower Mlops:DuckDb:Threads.", error) { Store = "duckdb", Operation = "check" }
            : null;

    private static string Reason(DuckDBException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join(", ", lines.Take(1).Concat(lines.Skip(1).Where(l => Causes.Any(c => l.StartsWith(c, StringComparison.Ordinal))))).TrimEnd('.');
    }
}
