using System.Buffers;
using System.Text;
using SQLitePCL;

namespace Mlops.Sdk.Metadata;

/// <summary>A prepared statement of one connection. Bound through the native handle, because parameters of ADO.NET cost more than the insert itself.</summary>
internal sealed class SqliteStatement(SqliteConnectionHandle connection, sqlite3_stmt handle) : IDisposable
{
    private const int Stack = 512;

    public int ParameterCount { get; } = raw.sqlite3_bind_parameter_count(handle);

    /// <summary>Makes the statement ready to run again.</summary>
    public SqliteStatement Reset()
    {
        _ = raw.sqlite3_reset(handle);
        return this;
    }

    public SqliteStatement Bind(int index, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value)
    {
        connection.Check(value is { } number ? raw.sqlite3_bind_int64(handle, index, number) : raw.sqlite3_bind_null(handle, index));
        return this;
    }

    /// <summary>Binds a number. SQLite would make NaN a null, so it is the text <c>NaN</c>, which sorts after every number.</summary>
    public SqliteStatement Bind(int index, double value)
    {
        connection.Check(double.IsNaN(value) ? raw.sqlite3_bind_text(handle, index, "NaN"u8) : raw.sqlite3_bind_double(handle, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            connection.Check(raw.sqlite3_bind_null(handle, index));
        }
        else if (value.Length == 0)
        {
            // An empty span would be bound as null.
            connection.Check(raw.sqlite3_bind_text(handle, index, value));
        }
        else
        {
            var rented = value.Length * 3 > Stack ? ArrayPool<byte>.Shared.Rent(value.Length * 3) : null;
            Span<byte> bytes = rented ?? stackalloc byte[Stack];
            connection.Check(raw.sqlite3_bind_text(handle, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }

        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        connection.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    /// <summary>Moves to the next row; false at the end, where the statement is reset.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        // The message belongs to the failed step, so it is read before the reset.
        var error = code == raw.SQLITE_DONE ? null : connection.Error(code);
        _ = raw.sqlite3_reset(handle);
        return error is null ? false : throw error;
    }

    /// <summary>Runs a statement that returns no rows, or whose rows do not matter.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>The first column of the first row, or null when there is no row.</summary>
    public long? Scalar()
    {
        if (!Step())
        {
            return null;
        }

        var value = Long(0);
        Reset();
        return value;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(handle, column);

    public double Double(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_TEXT ? double.NaN : raw.sqlite3_column_double(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public byte[] Blob(int column) => raw.sqlite3_column_blob(handle, column).ToArray();

    public void Dispose() => handle.Dispose();
}
