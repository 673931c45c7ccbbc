namespace Mlops.Sdk.Data;

/// <summary>The statements that write valid and broken rows.</summary>
internal sealed class QuarantineSql(DuckDbSource source, DataContract contract)
{
    private readonly IReadOnlyDictionary<string, SourceColumn> columns = source.Bind(contract);

    public string Valid(string path)
    {
        var sql = new ContractSql(contract, columns);
        var select = source.Source.Format == DataFormat.Parquet ? "s.*" : string.Join(", ", source.Columns.Select(c => $"{(columns.TryGetValue(c.Name, out var bound) ? bound.Value : $"s.{Sql.Name(c.Name)}")} AS {Sql.Name(c.Name)}"));
        return $"COPY (SELECT {select} FROM {source.Relation} AS s WHERE {sql.AnyBroken} IS NOT TRUE) TO {Sql.Text(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)";
    }

    public string Broken(string path, bool csv)
    {
        if (source.Columns.FirstOrDefault(c => c.Name.ToUpperInvariant() is "_ROW" or "_REASONS") is { } taken)
        {
            throw new MlopsException($"'{source.Source}' has a column '{taken.Name}', which the quarantine file needs for itself. Rename it.") { Store = "duckdb", Operation = "check" };
        }

        var sql = new ContractSql(contract, columns);
        var reasons = csv ? $"array_to_string({sql.Reasons}, ';')" : sql.Reasons;
        var format = csv ? "FORMAT csv, HEADER true" : "FORMAT parquet, COMPRESSION zstd";
        return $"COPY (SELECT s.*, {reasons} AS _reasons FROM (SELECT *, row_number() OVER () AS _row FROM {source.Relation}) AS s WHERE {sql.AnyBroken}) TO {Sql.Text(path)} ({format}, USE_TMP_FILE false)";
    }
}
