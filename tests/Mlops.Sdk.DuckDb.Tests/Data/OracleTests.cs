using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Mlops.Sdk.Data;

namespace Mlops.Sdk.DuckDb.Tests.Data;

/// <summary>DuckDB and the delegate must give every row the same reasons; a third, brute-force reading of the simple rules must agree with both.</summary>
[Experimental("MLOPS001")]
public sealed class OracleTests
{
    private const int Rows = 300;

    private static int Contracts => 100 * int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Both_compilations_give_every_row_the_same_reasons()
    {
        using var folder = new TemporaryFolder();
        var engine = new DuckDbDataEngine(new DuckDbOptions { Threads = 2 });
        var broken = 0L;
        for (var seed = 0; seed < Contracts; seed++)
        {
            var random = new Random(seed);
            var contract = new RandomContract(random).Draw();
            var validator = contract.Compile();
            var rows = WildRows.Make(random, Rows);
            var csv = seed % 3 == 2;
            var input = folder.File(csv ? $"{seed}.csv" : $"{seed}.parquet");
            Action<string, IEnumerable<Wild>> write = csv ? WildRows.WriteCsv : WildRows.WriteParquet;
            write(input, rows);

            var result = await engine.CheckAsync(csv ? DataSource.Csv(input) : DataSource.Parquet(input), contract, new QuarantineOptions { ValidPath = folder.File("valid.parquet"), QuarantinePath = folder.File("broken.parquet") }, TestContext.Current.CancellationToken);

            var reasons = WildRows.ReadReasons(folder.File("broken.parquet"));
            for (var i = 0; i < rows.Length; i++)
            {
                var expected = validator.Check(rows[i]).Select(v => v.Rule).ToArray();
                var actual = reasons.GetValueOrDefault(i + 1, []);
                var brute = BruteForce(contract, rows[i]).ToArray();
                if (!actual.SequenceEqual(expected) || validator.IsValid(rows[i]) != (expected.Length == 0) || !brute.SequenceEqual(expected.Where(r => !r.StartsWith("rule ", StringComparison.Ordinal))))
                {
                    Assert.Fail($"seed {seed}, row {i + 1}\nDuckDB   {string.Join("; ", actual)}\ndelegate {string.Join("; ", expected)} ({validator.IsValid(rows[i])})\nbrute    {string.Join("; ", brute)}\n{rows[i]}\n{contract.ToJson()}");
                }
            }

            result.Rows.Should().Be(Rows);
            result.Quarantined.Should().Be(reasons.Count);
            result.Reasons.Should().BeEquivalentTo(reasons.Values.SelectMany(r => r).GroupBy(r => r).ToDictionary(g => g.Key, g => (long)g.Count()));
            (await engine.DescribeAsync(DataSource.Parquet(folder.File("valid.parquet")), TestContext.Current.CancellationToken)).Rows.Should().Be(result.Valid);
            broken += reasons.Count;
            File.Delete(input);
        }

        // Contracts that nothing breaks, or that everything breaks, would show nothing.
        (broken / (double)(Contracts * Rows)).Should().BeInRange(0.3, 0.97);
    }

    private static IEnumerable<string> BruteForce(DataContract contract, Wild row)
    {
        foreach (var column in contract.Columns)
        {
            var value = column.Name switch { "flag" => row.Flag, "small" => row.Small, "whole" => row.Whole, "number" => row.Number, "other" => row.Other, "text" => row.Text, "code" => row.Code, "time" => row.Time, "day" => (object?)row.Day, _ => row.Big };
            if (value is null)
            {
                if (column.Required)
                {
                    yield return $"{column.Name}.presence";
                }

                continue;
            }

            if (value is double number && !double.IsFinite(number))
            {
                if (column.NonFinite == NonFinitePolicy.Reject)
                {
                    yield return $"{column.Name}.finite";
                }

                continue;
            }

            if ((column.Minimum is { } low && Order(value, low) < 0) || (column.Maximum is { } high && Order(value, high) > 0))
            {
                yield return $"{column.Name}.range";
            }

            if (column.OneOf is { } values && !values.Any(v => value is string text ? v == text : Order(value, v) == 0))
            {
                yield return $"{column.Name}.domain";
            }

            if (value is string s)
            {
                var length = s.EnumerateRunes().Count();
                if (length < (column.MinLength ?? 0) || length > (column.MaxLength ?? int.MaxValue))
                {
                    yield return $"{column.Name}.length";
                }

                if (column.Pattern is { } pattern && !DotNet(pattern).IsMatch(string.Concat(s.EnumerateRunes().Select(r => Letter(r.Value)))))
                {
                    yield return $"{column.Name}.pattern";
                }
            }
        }
    }

    // .NET counts UTF-16 units; astral code points become one private letter each, in their order, in pattern and text alike.
    private static Regex DotNet(string pattern) => new($"\\A(?:{Ascii(string.Concat(pattern.EnumerateRunes().Select(r => Letter(r.Value))))})\\z", RegexOptions.CultureInvariant);

    // The classes of .NET are Unicode, and those of its ECMAScript mode hold U+0130.
    private static string Ascii(string pattern) => pattern.Replace("[\\d\\-]", "[0-9\\-]", StringComparison.Ordinal)
        .Replace("\\d", "[0-9]", StringComparison.Ordinal).Replace("\\D", "[^0-9]", StringComparison.Ordinal).Replace("\\w", "[A-Za-z0-9_]", StringComparison.Ordinal).Replace("\\W", "[^A-Za-z0-9_]", StringComparison.Ordinal)
        .Replace("\\s", "[ \\t\\n\\f\\r]", StringComparison.Ordinal).Replace("\\S", "[^ \\t\\n\\f\\r]", StringComparison.Ordinal);

    private static string Letter(int codePoint) => codePoint > 0xFFFF ? ((char)(0xE100 + (codePoint - 0x1F3F0))).ToString() : ((char)codePoint).ToString();

    private static int Order(object value, string literal) => value switch
    {
        bool flag => flag.CompareTo(bool.Parse(literal)),
        double number => number == double.Parse(literal, CultureInfo.InvariantCulture) ? 0 : number.CompareTo(double.Parse(literal, CultureInfo.InvariantCulture)),
        DateTime time => time.CompareTo(DateTime.Parse(literal, CultureInfo.InvariantCulture)),
        DateOnly day => day.CompareTo(DateOnly.Parse(literal, CultureInfo.InvariantCulture)),
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture).CompareTo(decimal.Parse(literal, CultureInfo.InvariantCulture)),
    };
}
