using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>Another program that looks at, changes or locks the file.</summary>
internal sealed class RawDatabase : IAsyncDisposable
{
    private readonly SqliteConnection connection;

    public RawDatabase(string path)
    {
        connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
    }

    public void Execute(string sql) => Scalar(sql);

    public object? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Each row as one text.</summary>
    public List<string> Rows(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(string.Join('|', values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
