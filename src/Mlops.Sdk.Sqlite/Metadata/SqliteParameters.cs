namespace Mlops.Sdk.Metadata;

/// <summary>The values of a query, numbered once and bound to each of its statements.</summary>
internal sealed class SqliteParameters
{
    private const int Many = 10_000;
    private readonly List<object> values = [];

    /// <summary>Whether lists may take a parameter for each value; SQLite takes at most 32,766.</summary>
    public bool HasRoom => values.Count < Many;

    public string Add(double value) => Next(value);

    public string Add(long value) => Next(value);

    public string Add(string value) => Next(value);

    /// <summary>Binds every value that the statement uses; those of a later number were added for another one.</summary>
    public SqliteStatement Bind(SqliteStatement statement)
    {
        for (var i = 1; i <= Math.Min(values.Count, statement.ParameterCount); i++)
        {
            _ = values[i - 1] switch
            {
                double number => statement.Bind(i, number),
                long number => statement.Bind(i, number),
                _ => statement.Bind(i, (string)values[i - 1]),
            };
        }

        return statement;
    }

    private string Next(object value)
    {
        values.Add(value);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"?{values.Count}");
    }
}
