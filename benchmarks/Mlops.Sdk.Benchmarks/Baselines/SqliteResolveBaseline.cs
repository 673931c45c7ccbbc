using Microsoft.Data.Sqlite;

namespace Mlops.Sdk.Benchmarks.Baselines;

/// <summary>Alias to version by hand: one prepared ADO.NET point query over a table with everything in one row.</summary>
internal sealed class SqliteResolveBaseline : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand select;

    public SqliteResolveBaseline(string path)
    {
        connection = new($"Data Source={path};Pooling=False");
        connection.Open();
        using var create = new SqliteCommand("pragma journal_mode = wal; create table alias(model text, name text, version integer, package text, actor text, created integer, primary key(model, name)) without rowid", connection);
        create.ExecuteNonQuery();
        select = new("select version, package, actor, created from alias where model = @model and name = @name", connection);
        Array.ForEach(["@model", "@name"], name => select.Parameters.Add(new(name, SqliteType.Text)));
    }

    public void Insert(string model, string alias, int version, string package)
    {
        using var insert = new SqliteCommand("insert into alias values (@model, @alias, @version, @package, 'ada', 1)", connection);
        insert.Parameters.AddRange([new("@model", model), new("@alias", alias), new("@version", version), new("@package", package)]);
        insert.ExecuteNonQuery();
    }

    public (int Version, string Package, string Actor, long Created) Resolve(string model, string alias)
    {
        (select.Parameters[0].Value, select.Parameters[1].Value) = (model, alias);
        using var row = select.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
    }

    public void Dispose() => connection.Dispose();
}
