using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Polly;
using Polly.Retry;

namespace Mlops.Sdk.Metadata.Relational;

/// <summary>Runs work on pooled connections, names what went wrong, and tries again what may pass, such as a restart of the server.</summary>
internal sealed class SqlDatabase
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);
    private static readonly ResiliencePropertyKey<long> Started = new("mlops.started");
    private readonly DbDataSource source;
    private readonly ISqlDialect dialect;
    private readonly SqlStatement[] before;
    private readonly TimeProvider clock;
    private readonly ResiliencePipeline retry;

    public SqlDatabase(DbDataSource source, ISqlDialect dialect, TimeSpan retryFor, TimeProvider clock)
    {
        this.source = source;
        this.dialect = dialect;
        this.clock = clock;
        before = [.. dialect.BeforeRead.Select(sql => new SqlStatement(dialect, sql))];
        retry = retryFor <= TimeSpan.Zero ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                // By time and not by number: an attempt may take long, such as a connection to a host that does not answer.
                ShouldHandle = attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is MlopsException { IsTransient: true } && clock.GetElapsedTime(attempt.Context.Properties.GetValue(Started, 0)) < retryFor),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
            })
            .Build();
    }

    /// <summary>Runs work that may be repeated: reads, and commits with the id of their changeset.</summary>
    public async Task<T> RunAsync<T>(string operation, Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Started, clock.GetTimestamp());
        try
        {
            return await retry.ExecuteAsync(async attempt => await OnceAsync(operation, work, attempt.CancellationToken).ConfigureAwait(false), context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Reads in one snapshot.</summary>
    public Task<T> ReadAsync<T>(string operation, Func<SqlSession, CancellationToken, Task<T>> read, CancellationToken cancellationToken) => RunAsync(
        operation,
        async (connection, token) =>
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, token).ConfigureAwait(false);
            await using var _ = transaction.ConfigureAwait(false);
            return await read(new(connection, transaction, before), token).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Reads with one statement, which is a snapshot of its own.</summary>
    public Task<T> ReadOneAsync<T>(string operation, Func<SqlSession, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(operation, (connection, token) => read(new(connection, null, before), token), cancellationToken);

    private async Task<T> OnceAsync<T>(string operation, Func<DbConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = connection.ConfigureAwait(false);
            return await work(connection, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException error) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = dialect.Explain(error);
            throw new MlopsException($"Cannot {operation}: {failure.Message}", error) { Store = dialect.Name, Operation = operation, IsTransient = failure.IsTransient };
        }
        catch (Exception error) when (error is IOException or SocketException && !cancellationToken.IsCancellationRequested)
        {
            // Not every provider makes an error of its own of a connection that breaks.
            throw new MlopsException($"Cannot {operation}: the connection to the database broke ({error.Message}). Check that the server runs.", error) { Store = dialect.Name, Operation = operation, IsTransient = true };
        }
        catch (Exception error) when (error is DbException or IOException or SocketException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
