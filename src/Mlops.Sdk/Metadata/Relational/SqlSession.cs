using System.Data.Common;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>A connection, perhaps with a transaction, that runs statements in as few round trips as its provider can.</summary>
/// <param name="connection">The connection.</param>
/// <param name="transaction">Its transaction, or null.</param>
/// <param name="before">What runs in the first round trip, before anything else; without rows.</param>
internal sealed class SqlSession(DbConnection connection, DbTransaction? transaction, IReadOnlyList<SqlStatement>? before = null)
{
    /// <summary>How much goes into one round trip, roughly: databases refuse very large messages, MariaDB those of more than 16 MB.</summary>
    public const int RoundTripBytes = 4 * 1024 * 1024;

    private IReadOnlyList<SqlStatement> before = before ?? [];

    /// <summary>Runs statements in order. Rows go to <paramref name="row"/> with the index of their statement.</summary>
    public async Task RunAsync(IReadOnlyList<SqlStatement> statements, Action<int, DbDataReader>? row, CancellationToken cancellationToken)
    {
        var (first, skip) = (before, before.Count);
        before = [];
        IReadOnlyList<SqlStatement> all = skip == 0 ? statements : [.. first, .. statements];
        for (var start = 0; start < all.Count;)
        {
            var (from, count, bytes) = (start - skip, 1, all[start].Bytes);
            while (start + count < all.Count && (bytes += all[start + count].Bytes) <= RoundTripBytes)
            {
                count++;
            }

            await RoundTripAsync(count == all.Count ? all : [.. all.Skip(start).Take(count)], row is null ? null : (i, reader) => row(from + i, reader), cancellationToken).ConfigureAwait(false);
            start += count;
        }
    }

    private async Task RoundTripAsync(IReadOnlyList<SqlStatement> statements, Action<int, DbDataReader>? row, CancellationToken cancellationToken)
    {
        if (statements.Count > 1 && connection.CanCreateBatch)
        {
            await BatchAsync(statements, row, cancellationToken).ConfigureAwait(false);
            return;
        }

        for (var i = 0; i < statements.Count; i++)
        {
            var command = connection.CreateCommand();
            await using var _ = command.ConfigureAwait(false);
            command.Transaction = transaction;
            command.CommandText = statements[i].Text;
            Fill(command.Parameters, statements[i], command.CreateParameter);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var __ = reader.ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                row?.Invoke(i, reader);
            }
        }
    }

    /// <summary>The rows of one statement.</summary>
    public async Task<List<T>> ListAsync<T>(SqlStatement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await RunAsync([statement], (_, reader) => rows.Add(read(reader)), cancellationToken).ConfigureAwait(false);
        return rows;
    }

    private async Task BatchAsync(IReadOnlyList<SqlStatement> statements, Action<int, DbDataReader>? row, CancellationToken cancellationToken)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.Transaction = transaction;
        foreach (var statement in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = statement.Text;
            Fill(command.Parameters, statement, command.CreateParameter);
            batch.BatchCommands.Add(command);
        }

        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        for (var i = 0; i < statements.Count; i++)
        {
            // Statements without rows have no result to move to.
            if (!statements[i].Text.StartsWith("select", StringComparison.Ordinal))
            {
                continue;
            }

            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                row?.Invoke(i, reader);
            }

            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        // The error of a statement without rows is raised on the way to the end.
        while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
        {
        }
    }

    private static void Fill(DbParameterCollection parameters, SqlStatement statement, Func<DbParameter> create)
    {
        for (var i = 0; i < statement.Values.Count; i++)
        {
            var parameter = create();
            if (statement.Marker(i) is ['@', ..] name)
            {
                parameter.ParameterName = name;
            }

            parameter.Value = statement.Values[i] ?? DBNull.Value;
            parameters.Add(parameter);
        }
    }
}
