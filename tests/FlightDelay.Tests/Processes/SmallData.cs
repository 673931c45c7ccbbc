using DuckDB.NET.Data;

namespace FlightDelay.Tests.Processes;

/// <summary>Two busy routes of the committed file, and its flights that break the contract: enough to train on in seconds.</summary>
internal static class SmallData
{
    public const int Quarantined = 30;

    public static string Full { get; } = Path.Combine(AppContext.BaseDirectory, "data", "flights.parquet");

    public static string Write(string path) => Write(path, """
        SELECT * FROM flights WHERE (origin = 'PHX' AND destination IN ('LAX', 'LAS')) OR delay > 1440 OR delay < -(distance // 8 + 40)
        """);

    /// <summary>A Parquet file of a query over <c>flights</c>.</summary>
    public static string Write(string path, string query)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE VIEW flights AS SELECT * FROM read_parquet('{Full}'); COPY ({query}) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }
}
