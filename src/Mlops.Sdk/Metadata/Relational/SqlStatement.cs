using System.Text;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>A statement that is being written, with the values of its parameters. Not thread-safe.</summary>
public sealed class SqlStatement
{
    private readonly ISqlDialect dialect;
    private readonly StringBuilder text = new();
    private readonly List<object?> values = [];

    /// <summary>A statement in a dialect.</summary>
    public SqlStatement(ISqlDialect dialect, string text = "")
    {
        this.dialect = dialect;
        this.text.Append(text);
    }

    /// <summary>The text so far.</summary>
    public string Text => text.ToString();

    /// <summary>The values of the parameters in order.</summary>
    public IReadOnlyList<object?> Values => values;

    /// <summary>Adds text.</summary>
    public SqlStatement Append(string sql)
    {
        text.Append(sql);
        return this;
    }

    /// <summary>Adds a parameter, and returns the marker to be written where it belongs.</summary>
    public string Add(object? value)
    {
        values.Add(value);
        return dialect.Parameter(values.Count);
    }

    /// <summary>About how many bytes the statement and its values are when they are sent as text.</summary>
    internal long Bytes => text.Length + values.Sum(Size);

    /// <summary>About how many bytes a value is when it is sent as text.</summary>
    internal static long Size(object? value) => value switch
    {
        string text => 2L * text.Length,
        byte[] bytes => bytes.Length,
        Array array => array is string[] or byte[][] ? array.Cast<object?>().Sum(Size) : 8L * array.Length,
        _ => 24,
    };

    /// <summary>The marker of a parameter, from 0.</summary>
    internal string Marker(int index) => dialect.Parameter(index + 1);

    /// <summary>Adds a number as the dialect keeps it.</summary>
    internal string AddNumber(double value) => Add(dialect.Encode(value));

    /// <summary>A condition that a column has one of some values.</summary>
    internal string In<T>(string column, IEnumerable<T> values)
        where T : notnull => dialect.In(column, [.. values.Select(value => (object)value)], this);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
