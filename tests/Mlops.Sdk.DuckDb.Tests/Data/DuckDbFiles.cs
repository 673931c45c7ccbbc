using DuckDB.NET.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>Makes and reads files without the code under test.</summary>
internal static class DuckDbFiles
{
    public static void Write(string path, string select) => Query($"COPY ({select}) TO '{path}' (FORMAT parquet)");

    /// <summary>Flights of which row 3 has a late delay, row 5 flies to its origin, and every 1,000th row has no delay.</summary>
    public static void WriteFlights(string path, int rows) => Write(
        path,
        $"SELECT TIMESTAMP '2001-01-01' + INTERVAL (i) MINUTE AS date, CASE WHEN i = 3 THEN 9999 WHEN i % 1000 <> 0 THEN i % 100 END AS delay, i % 900 + 1 AS distance, chr((65 + i % 26)::INT) || 'AA' AS origin, CASE WHEN i = 5 THEN chr((65 + i % 26)::INT) || 'AA' ELSE 'ZZZ' END AS destination FROM range(1, {rows + 1}) r(i)");

    public static IReadOnlyList<string> Query(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : FormattableString.Invariant($"{reader.GetValue(i)}"))));
        }

        return rows;
    }
}
