using System.Collections.Concurrent;

namespace Mlops.Sdk.Metadata;

/// <summary>Connections that read, each in a snapshot of its own while the writer goes on. Kept for the next reader.</summary>
internal sealed class SqliteReaders(SqliteFile file) : IDisposable
{
    private readonly ConcurrentBag<SqliteConnectionHandle> idle = [];
    private readonly int keep = Math.Max(4, Environment.ProcessorCount * 2);
    private volatile bool closed;

    /// <summary>Runs a read in one snapshot, on another thread, because SQLite itself cannot wait asynchronously. A cancelled token interrupts it.</summary>
    /// <param name="operation">What errors call it.</param>
    /// <param name="read">The read.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <param name="here">Whether to read on the calling thread: for what takes microseconds, less than changing threads does. Readers never wait for writers.</param>
    public Task<T> ReadAsync<T>(string operation, Func<SqliteConnectionHandle, T> read, CancellationToken cancellationToken, bool here = false)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(SqliteMetadataStore));
        cancellationToken.ThrowIfCancellationRequested();
        return here ? Task.FromResult(Read(operation, read, cancellationToken)) : Task.Run(() => Read(operation, read, cancellationToken), cancellationToken);
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private T Read<T>(string operation, Func<SqliteConnectionHandle, T> read, CancellationToken cancellationToken)
    {
        if (!idle.TryTake(out var connection))
        {
            connection = file.OpenReader();
        }

        try
        {
            connection.Operation = operation;
            connection.Cancellation = cancellationToken;
            using (cancellationToken.UnsafeRegister(static c => ((SqliteConnectionHandle)c!).Interrupt(), connection))
            {
                connection["begin"].Run();
                var result = read(connection);
                connection.EndRead();
                return result;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        finally
        {
            connection.Cancellation = CancellationToken.None;
            connection.Rollback();
            Return(connection);
        }
    }

    private void Return(SqliteConnectionHandle connection)
    {
        if (closed || idle.Count >= keep)
        {
            connection.Dispose();
            return;
        }

        idle.Add(connection);
        if (closed)
        {
            Dispose();
        }
    }
}
