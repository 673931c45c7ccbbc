using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;

namespace Mlops.Sdk.Data;

/// <summary>Checks Parquet and CSV files with DuckDB inside this process. Thread-safe; every call has its own locked instance, which sees the named files only.</summary>
[Experimental("MLOPS001")]
public sealed class DuckDbDataEngine : IDataEngine
{
    private readonly DuckDbOptions options;

    /// <summary>Creates the engine; does no I/O.</summary>
    public DuckDbDataEngine(DuckDbOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options.Validated();
    }

    /// <inheritdoc/>
    public Task<DataSchema> DescribeAsync(DataSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var files = source.Files();
        return DuckDbSession.RunAsync(
            options,
            options.Threads,
            files,
            session =>
            {
                var opened = DuckDbSource.Open(session, source, files, options);
                return new DataSchema(Read(opened, () => (long)session.Query($"SELECT count(*) FROM {opened.Relation}")[0][0]!), opened.Columns);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<DataCheckResult> CheckAsync(DataSource source, DataContract contract, QuarantineOptions? quarantine = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(contract);
        var files = source.Files();
        var result = await DuckDbSession.RunAsync(options, options.Threads, files, session => Count(session, DuckDbSource.Open(session, source, files, options), contract), cancellationToken).ConfigureAwait(false);
        if (quarantine is null or { ValidPath: null, QuarantinePath: null })
        {
            return result;
        }

        using var output = new QuarantineOutput(quarantine, files);

        // One thread writes, so that equal rows give equal bytes.
        await DuckDbSession.RunAsync(options, 1, files.Concat(output.TemporaryPaths), session => Write(session, DuckDbSource.Open(session, source, files, options), contract, output, result), cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var (valid, broken) = output.Publish();
        return result with { ValidFile = valid, QuarantineFile = broken };
    }

    private DataCheckResult Count(DuckDbSession session, DuckDbSource source, DataContract contract)
    {
        var sql = new ContractSql(contract, source.Bind(contract));
        var counts = Read(source, () => session.Query(sql.Count(source.Relation))[0]);
        var rows = (long)counts[0]!;
        return new()
        {
            Rows = rows,
            Valid = rows - (long)counts[1]!,
            Reasons = sql.Checks.Select((c, i) => (c.Rule, Count: (long)counts[i + 2]!)).Where(c => c.Count > 0).ToDictionary(c => c.Rule, c => c.Count, StringComparer.Ordinal),
            ContractDigest = contract.Digest,
        };
    }

    private bool Write(DuckDbSession session, DuckDbSource source, DataContract contract, QuarantineOutput output, DataCheckResult counted)
    {
        var statements = new QuarantineSql(source, contract);
        if (output.Valid is { } valid)
        {
            Copy(statements.Valid(valid.TemporaryPath), counted.Valid);
        }

        if (output.Broken is { } broken)
        {
            Copy(statements.Broken(broken.TemporaryPath, output.BrokenIsCsv), counted.Quarantined);
        }

        return true;

        void Copy(string sql, long expected)
        {
            int written;
            try
            {
                written = session.Execute(sql);
            }
            catch (DuckDBException e) when (!IsInterrupt(e))
            {
                throw DuckDbErrors.Write(e, output.Name, options);
            }

            // ADO.NET counts affected rows in 32 bits.
            if (written != unchecked((int)expected))
            {
                throw new MlopsException($"'{source.Source}' changed while it was checked: {expected} rows were counted, but another number was written. Check a file that nobody writes to.") { Store = "duckdb", Operation = "check", IsTransient = true };
            }
        }
    }

    private T Read<T>(DuckDbSource source, Func<T> query)
    {
        try
        {
            return query();
        }
        catch (DuckDBException e) when (!IsInterrupt(e))
        {
            throw DuckDbErrors.Read(e, source.Source, source.Files, options);
        }
    }

    private static bool IsInterrupt(DuckDBException e) => e.Message.StartsWith("INTERRUPT", StringComparison.OrdinalIgnoreCase);
}
