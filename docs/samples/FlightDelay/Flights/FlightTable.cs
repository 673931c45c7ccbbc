using DuckDB.NET.Data;

namespace FlightDelay.Flights;

/// <summary>A Parquet file of valid flights.</summary>
internal static class FlightTable
{
    /// <summary>The flights in order of departure. The order is total, so whatever is computed from it is the same every time.</summary>
    public static IEnumerable<Flight> Read(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT date, delay, distance, origin, destination FROM read_parquet($path) ORDER BY ALL";
        command.Parameters.Add(new DuckDBParameter("path", path));
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new Flight
            {
                Date = reader.GetDateTime(0),
                Delay = reader.GetInt64(1),
                Distance = reader.GetInt64(2),
                Origin = string.Intern(reader.GetString(3)),
                Destination = string.Intern(reader.GetString(4)),
            };
        }
    }

    /// <summary>How many flights left in each month.</summary>
    public static IReadOnlyDictionary<DateOnly, long> CountByMonth(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT date_trunc('month', date)::TIMESTAMP, count(*) FROM read_parquet($path) GROUP BY 1 ORDER BY 1";
        command.Parameters.Add(new DuckDBParameter("path", path));
        using var reader = command.ExecuteReader();
        var months = new SortedDictionary<DateOnly, long>();
        while (reader.Read())
        {
            months.Add(DateOnly.FromDateTime(reader.GetDateTime(0)), reader.GetInt64(1));
        }

        return months;
    }
}
