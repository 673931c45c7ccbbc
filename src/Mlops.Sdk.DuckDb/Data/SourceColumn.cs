namespace Mlops.Sdk.Data;

/// <summary>How one column of a file is read as a column of a contract.</summary>
/// <param name="Raw">The column as the file has it.</param>
/// <param name="Value">The value in the type of the contract; it means something only where <paramref name="IsTyped"/> is true.</param>
/// <param name="IsMistyped">True where there is a value, but not of the type; null when that cannot be.</param>
/// <param name="IsTyped">True where there is a value of the type.</param>
internal sealed record SourceColumn(string Raw, string Value, string? IsMistyped, string IsTyped)
{
    private const string Earliest = "TIMESTAMP '0001-01-01 00:00:00'";
    private const string Latest = "TIMESTAMP '9999-12-31 23:59:59.999999'";
    private static readonly string[] Whole = ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT"];

    /// <summary>The column of a typed file, or null when its type can never be that of the contract.</summary>
    public static SourceColumn? OfTyped(string raw, string fileType, ColumnType type) => (type, fileType) switch
    {
        (ColumnType.Boolean, "BOOLEAN") or (ColumnType.Text, "VARCHAR") or (ColumnType.Number, "DOUBLE") => Exact(raw, raw),
        (ColumnType.Whole16, "TINYINT" or "SMALLINT" or "UTINYINT") => Exact(raw, raw),
        (ColumnType.Whole32, "TINYINT" or "SMALLINT" or "INTEGER" or "UTINYINT" or "USMALLINT") => Exact(raw, raw),
        (ColumnType.Whole64, "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER") => Exact(raw, raw),
        (ColumnType.Whole16 or ColumnType.Whole32 or ColumnType.Whole64, _) when Whole.Contains(fileType) => Tried(raw, $"TRY_CAST({raw} AS {SqlType(type)})"),
        (ColumnType.Number, _) when fileType == "FLOAT" || fileType.StartsWith("DECIMAL", StringComparison.Ordinal) || Whole.Contains(fileType) => Exact(raw, $"CAST({raw} AS DOUBLE)"),
        (ColumnType.Text, _) when fileType.StartsWith("ENUM", StringComparison.Ordinal) => Exact(raw, $"CAST({raw} AS VARCHAR)"),
        (ColumnType.Timestamp, "TIMESTAMP") => Between(raw, Earliest, Latest),
        (ColumnType.Timestamp, "TIMESTAMP_NS") => Tried(raw, InYears(Nanoseconds(raw), Earliest, Latest)),
        (ColumnType.Timestamp, "DATE" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP WITH TIME ZONE") => Tried(raw, InYears($"TRY_CAST({raw} AS TIMESTAMP)", Earliest, Latest)),
        (ColumnType.Date, "DATE") => Between(raw, "DATE '0001-01-01'", "DATE '9999-12-31'"),
        _ => null,
    };

    /// <summary>The column of a text file. The forms are ours, because the casts of DuckDB round 1.5 and read 1e3 and 1_000 as integers.</summary>
    public static SourceColumn OfText(string raw, ColumnType type) => type switch
    {
        ColumnType.Text => Exact(raw, raw),
        ColumnType.Boolean => Tried(raw, $"CASE lower({raw}) WHEN 'true' THEN true WHEN 'false' THEN false END"),
        ColumnType.Number => Tried(raw, Cast(raw, "(?i:[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(e[+-]?[0-9]+)?|nan|[+-]?inf(inity)?)", "DOUBLE")),
        ColumnType.Timestamp => Tried(raw, InYears(Cast(raw, "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?Z?)?", "TIMESTAMP"), Earliest, Latest)),
        ColumnType.Date => Tried(raw, InYears(Cast(raw, "[0-9]{4}-[0-9]{2}-[0-9]{2}", "DATE"), "DATE '0001-01-01'", "DATE '9999-12-31'")),
        _ => Tried(raw, Cast(raw, "-?[0-9]+", SqlType(type))),
    };

    private static SourceColumn Exact(string raw, string value) => new(raw, value, null, $"{raw} IS NOT NULL");

    private static SourceColumn Tried(string raw, string value) => new(raw, value, $"({raw} IS NOT NULL AND {value} IS NULL)", $"{value} IS NOT NULL");

    private static SourceColumn Between(string raw, string first, string last) => new(raw, raw, $"({raw} NOT BETWEEN {first} AND {last})", $"{raw} BETWEEN {first} AND {last}");

    // The cast of DuckDB cuts towards 1970, which is the future for an earlier time.
    private static string Nanoseconds(string raw) => $"TRY(make_timestamp(epoch_ns({raw}) // 1000 - CASE WHEN epoch_ns({raw}) % 1000 < 0 THEN 1 ELSE 0 END))";

    private static string InYears(string value, string first, string last) => $"CASE WHEN {value} BETWEEN {first} AND {last} THEN {value} END";

    private static string Cast(string raw, string form, string type) => $"CASE WHEN regexp_full_match({raw}, {Sql.Text(form)}) THEN TRY_CAST({raw} AS {type}) END";

    private static string SqlType(ColumnType type) => type switch
    {
        ColumnType.Whole16 => "SMALLINT",
        ColumnType.Whole32 => "INTEGER",
        _ => "BIGINT",
    };
}
