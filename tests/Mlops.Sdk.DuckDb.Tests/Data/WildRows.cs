using System.Globalization;
using System.Text;
using DuckDB.NET.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>Makes rows of extremes and writes them without the code under test.</summary>
internal static class WildRows
{
    public static readonly string[] Texts = ["", "a", "abc", "ABC", "ORD", "ORD\n", "ab\ncd", "👍", "👍🏽", "e\u0301", "é", "٣٤٥", "123", "-12", "x y", " x", "'; DROP TABLE s; --", "\"q\"", "👨\u200D👩\u200D👧", "\uFFFD", "\uE000", "A1_", "a\tb", "ſ", "İ", "null", "\r"];
    public static readonly long[] Wholes = [long.MinValue, long.MinValue + 1, int.MinValue, short.MinValue, -7, -1, 0, 1, 2, 3, 7, 100, short.MaxValue, int.MaxValue, long.MaxValue - 1, long.MaxValue, 9007199254740993];
    public static readonly double[] Numbers = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 0.1, 0.5, 1.5, 2.5, -0.5, -7.25, 1, 2, 3, 1e300, 9007199254740993d, 0.49999999999999994];
    public static readonly DateTime[] Times = [DateTime.MinValue, new(9999, 12, 31, 23, 59, 59, 999), DateTime.UnixEpoch, DateTime.UnixEpoch.AddTicks(-10), new(2001, 1, 1), new DateTime(2001, 1, 1).AddTicks(10), new(2000, 2, 29, 12, 0, 0), new(1900, 1, 1)];

    public static Wild[] Make(Random random, int count)
    {
        return [.. Enumerable.Range(0, count).Select(_ => new Wild
        {
            Flag = Maybe(() => random.Next(2) == 0),
            Small = Maybe(() => (short)Math.Clamp(Wholes[random.Next(Wholes.Length)], short.MinValue, short.MaxValue)),
            Whole = Maybe(() => (int)Math.Clamp(Wholes[random.Next(Wholes.Length)], int.MinValue, int.MaxValue)),
            Big = Maybe(() => Wholes[random.Next(Wholes.Length)]),
            Number = Maybe(() => Numbers[random.Next(Numbers.Length)]),
            Other = Maybe(() => Numbers[random.Next(Numbers.Length)]),
            Text = random.Next(6) == 0 ? null : Texts[random.Next(Texts.Length)],
            Code = random.Next(6) == 0 ? null : Texts[random.Next(Texts.Length)] + (random.Next(3) == 0 ? Texts[random.Next(Texts.Length)] : ""),
            Time = Maybe(() => Times[random.Next(Times.Length)]),
            Day = Maybe(() => DateOnly.FromDateTime(Times[random.Next(Times.Length)])),
        })];

        T? Maybe<T>(Func<T> make)
            where T : struct => random.Next(6) == 0 ? null : make();
    }

    public static void WriteParquet(string path, IEnumerable<Wild> rows)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Run("CREATE TABLE t (flag BOOLEAN, small SMALLINT, whole INTEGER, \"big \"\"' --\" BIGINT, number DOUBLE, other DOUBLE, text VARCHAR, code VARCHAR, time TIMESTAMP, day DATE)");
        using (var appender = connection.CreateAppender("t"))
        {
            foreach (var row in rows)
            {
                appender.CreateRow().AppendValue(row.Flag).AppendValue(row.Small).AppendValue(row.Whole).AppendValue(row.Big).AppendValue(row.Number).AppendValue(row.Other)
                    .AppendValue(row.Text).AppendValue(row.Code).AppendValue(row.Time).AppendValue(row.Day).EndRow();
            }
        }

        Run($"COPY t TO '{path}' (FORMAT parquet)");

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    public static void WriteCsv(string path, IEnumerable<Wild> rows)
    {
        var text = new StringBuilder("flag,small,whole,\"big \"\"' --\",number,other,text,code,time,day\n");
        foreach (var row in rows)
        {
            object?[] fields = [row.Flag, row.Small, row.Whole, row.Big, row.Number, row.Other, row.Text, row.Code, row.Time, row.Day];
            text.AppendJoin(',', fields.Select(Field)).Append('\n');
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads the reasons by row number.</summary>
    public static Dictionary<long, string[]> ReadReasons(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT _row, _reasons FROM '{path}'";
        using var reader = command.ExecuteReader();
        var reasons = new Dictionary<long, string[]>();
        while (reader.Read())
        {
            reasons.Add(reader.GetInt64(0), [.. reader.GetFieldValue<List<string>>(1)]);
        }

        return reasons;
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string text => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
