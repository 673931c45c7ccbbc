using System.CommandLine;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Data;

namespace FlightDelay.Flights;

/// <summary>Makes the files in <c>data/</c> from the full file of three million flights; <c>data/make.sh</c> fetches it.</summary>
internal static class MakeData
{
    private const string Hubs = "('ORD', 'DFW', 'ATL', 'LAX', 'PHX')";
    private const int CsvRows = 200;

    /// <summary>Eight kinds of faults, five of each: what is put in which column, and the reason that the contract must give.</summary>
    private static readonly (string Kind, string Reason, int Column, string[] Values)[] Faults =
    [
        ("presence", "delay.presence", 1, ["", "", "", "", ""]),
        ("type", "distance.type", 2, ["far", "1.050,0", "12x", "--", "7 hundred"]),
        ("range of a number", "delay.range", 1, ["1441", "1500", "2001", "9999", "100000"]),
        ("range of a date", "date.range", 0, ["1901-05-01 08:00:00", "1987-09-30 23:59:00", "2100-01-01 00:00:00", "9999-12-31 23:59:00", "0001-01-01 00:00:00"]),
        ("domain", "destination.domain", 4, ["XXX", "LHR", "ord", "QQQ", "NYC"]),
        ("length", "origin.length", 3, ["ORDX", "OR", "O", "CHICAGO", "KORD"]),
        ("pattern", "origin.pattern", 3, ["ord", "0RD", "O-D", "Ord", "OŘD"]),
        ("several columns", "different_airports", 4, ["=", "=", "=", "=", "="]),
    ];

    public static Command Command()
    {
        var full = new Argument<FileInfo>("full") { Description = "flights-3m.parquet of the npm package vega-datasets." };
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where the files go." };
        var command = new Command("make-data", "Makes the committed data files from the full file.") { full, folder };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(full).FullName, parsed.GetRequiredValue(folder).FullName, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string full, string folder, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddMlops().UseDuckDb();
        await using var provider = services.BuildServiceProvider();
        var broken = Path.Combine(folder, "broken.tmp.parquet");
        var check = await provider.GetRequiredService<IDataEngine>().CheckAsync(DataSource.Parquet(full), Flight.Contract, new QuarantineOptions { QuarantinePath = broken }, cancellationToken);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(cancellationToken);
        Execute(connection, "SET threads = 1");
        Execute(connection, $"""
            COPY (
                SELECT date, delay, distance, origin, destination FROM read_parquet('{full}') WHERE origin IN {Hubs}
                UNION ALL SELECT date, delay, distance, origin, destination FROM read_parquet('{broken}') WHERE origin NOT IN {Hubs}
                ORDER BY origin, destination, date, delay, distance)
            TO '{Path.Combine(folder, "flights.parquet")}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 22, ROW_GROUP_SIZE 1000000, PARQUET_VERSION v2)
            """);
        File.Delete(broken);
        WriteCsv(connection, full, folder);
        Console.Error.WriteLine($"{check.Quarantined} of {check.Rows} rows break the contract: {string.Join(", ", check.Reasons.Select(r => $"{r.Value} × {r.Key}"))}");
        return 0;
    }

    /// <summary>Valid flights, every fifth of them damaged; which and how is in the second file.</summary>
    private static void WriteCsv(DuckDBConnection connection, string full, string folder)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT strftime(date, '%Y-%m-%d %H:%M:%S'), delay::VARCHAR, distance::VARCHAR, origin, destination
            FROM (SELECT *, row_number() OVER (ORDER BY date, origin, destination, delay) AS n FROM read_parquet('{full}') WHERE origin IN {Hubs} AND delay BETWEEN -30 AND 600)
            WHERE n % 3000 = 1 ORDER BY n LIMIT {CsvRows}
            """;
        using var reader = command.ExecuteReader();
        using var flights = new StreamWriter(Path.Combine(folder, "bad-arrivals.csv")) { NewLine = "\n" };
        using var expected = new StreamWriter(Path.Combine(folder, "bad-arrivals.expected.csv")) { NewLine = "\n" };
        flights.WriteLine("date,delay,distance,origin,destination");
        expected.WriteLine("row,kind,reason");
        for (var row = 1; reader.Read(); row++)
        {
            var values = Enumerable.Range(0, 5).Select(reader.GetString).ToArray();
            if (row % 5 == 0)
            {
                var fault = Faults[(row / 5) % Faults.Length];
                var value = fault.Values[((row / 5) - 1) / Faults.Length];
                values[fault.Column] = value == "=" ? values[3] : value;
                expected.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row},{fault.Kind},{fault.Reason}"));
            }

            flights.WriteLine(string.Join(',', values.Select(v => v.Contains(',', StringComparison.Ordinal) ? $"\"{v}\"" : v)));
        }
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
