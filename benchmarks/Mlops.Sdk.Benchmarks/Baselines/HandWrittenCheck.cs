using DuckDB.NET.Data;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>The 14 rules over flights, written by hand as one SELECT that counts rows, broken rows and broken rows per rule.</summary>
internal static class HandWrittenCheck
{
    public static (long Rows, long Broken, long OutOfRange) Run(string path, int threads, string memoryLimit)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SET threads={threads}; SET memory_limit='{memoryLimit}'";
        command.ExecuteNonQuery();
        command.CommandText = $"""
            SELECT count(*), count(*) FILTER (WHERE a OR b OR c OR d OR e OR f OR g OR h OR i OR j OR k OR l OR m OR n), count(*) FILTER (WHERE a), count(*) FILTER (WHERE b), count(*) FILTER (WHERE c),
                count(*) FILTER (WHERE d), count(*) FILTER (WHERE e), count(*) FILTER (WHERE f), count(*) FILTER (WHERE g), count(*) FILTER (WHERE h), count(*) FILTER (WHERE i),
                count(*) FILTER (WHERE j), count(*) FILTER (WHERE k), count(*) FILTER (WHERE l), count(*) FILTER (WHERE m), count(*) FILTER (WHERE n)
            FROM (SELECT date IS NULL AS a, date NOT BETWEEN '2001-01-01' AND '2001-07-01' AS b, delay IS NULL AS c, delay NOT BETWEEN -120 AND 2000 AS d, distance IS NULL AS e, distance NOT BETWEEN 1 AND 6000 AS f,
                origin IS NULL AS g, length(origin) <> 3 AS h, NOT regexp_full_match(origin, '[A-Z]{"{3}"}') AS i, destination IS NULL AS j, length(destination) <> 3 AS k,
                NOT regexp_full_match(destination, '[A-Z]{"{3}"}') AS l, origin = destination AS m, delay + distance <= -2000 AS n FROM read_parquet('{path}'))
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(5));
    }
}
