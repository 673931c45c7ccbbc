using System.Globalization;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>
/// Copies a metadata store row by row into a new one: ids, revisions, times, numbers and their sequences, attributes, links, points, events with their positions, and the identity of the store.
/// The target refuses to be opened until everything was compared. An interrupted copy goes on where it was, as long as nobody wrote to the source.
/// </summary>
internal sealed class StoreCopy(StoreDatabase source, StoreDatabase target, Progress progress)
{
    private const int Batch = 5_000;

    /// <summary>Copies what is missing, and compares all of it.</summary>
    /// <param name="report">Gets a row for each table.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        await CheckSourceAsync(cancellationToken);
        await source.SnapshotAsync(cancellationToken);
        var head = (await source.HeadAsync(cancellationToken))!;
        var begun = await BeginAsync(head, cancellationToken);
        if (begun.Version >= StoreDatabase.Unfinished)
        {
            foreach (var table in StoreTable.All)
            {
                await CopyAsync(table, cancellationToken);
            }

            await target.AnalyzeAsync(cancellationToken);
        }

        var differs = false;
        foreach (var table in StoreTable.All)
        {
            var (from, to) = (await DigestAsync(source, table, cancellationToken), await DigestAsync(target, table, cancellationToken));
            var same = from.Rows == to.Rows && from.Hex == to.Hex;
            differs |= !same;
            report.Add(table.What, from.Rows, to.Rows, to.Hex, same ? "same" : "differs");
        }

        if (differs)
        {
            report.ExitCode = 2;
            report.Note = $"{target.Address} is not the same as {source.Address}: was it written to meanwhile? Delete the target and copy again. It cannot be opened.";
            if (begun.Version < StoreDatabase.Unfinished)
            {
                report.Note = $"{target.Address} is a finished copy of {source.Address} that was written to since. Nothing was changed.";
            }
        }
        else if (begun.Version >= StoreDatabase.Unfinished)
        {
            await target.WriteHeadAsync(head with { Version = begun.Version - StoreDatabase.Unfinished }, cancellationToken);
        }
    }

    private async Task CheckSourceAsync(CancellationToken cancellationToken)
    {
        // The store itself knows best whether it is one, and of which version.
        var store = source.Store(StoreMigration.Check);
        await using var _ = (IAsyncDisposable)store;
        await store.OpenAsync(cancellationToken);
    }

    /// <summary>Makes the target an unfinished copy of the source, or finds that it is one. Returns its head, whose version is marked unless it is a finished copy.</summary>
    private async Task<StoreHead> BeginAsync(StoreHead head, CancellationToken cancellationToken)
    {
        var there = await target.HeadAsync(cancellationToken);
        if (there is null)
        {
            var store = target.Store(StoreMigration.Auto);
            await using var _ = (IAsyncDisposable)store;
            await store.OpenAsync(cancellationToken);

            there = (await target.HeadAsync(cancellationToken))!;
        }

        var empty = there is { Position: 0, Entities: 0, Version: < StoreDatabase.Unfinished };
        if (!empty && there.Id != head.Id)
        {
            throw new ConflictException($"The target {target.Address} is not empty, and not a copy of {source.Address}. Nothing was changed; name a new file, or a new schema.");
        }

        if (!empty && there.Position != head.Position)
        {
            throw new ConflictException(there.Version >= StoreDatabase.Unfinished
                ? $"The source {source.Address} was written to since the copy to {target.Address} began. Stop its hosts, delete the target and copy again; nothing was changed."
                : $"{target.Address} is an older or newer copy of {source.Address}. Nothing was changed; name a new file, or a new schema.");
        }

        if (empty && head.Position > 0)
        {
            there = head with { Version = StoreDatabase.Unfinished + there.Version };
            await target.WriteHeadAsync(there, cancellationToken);
        }

        return there;
    }

    private async Task CopyAsync(StoreTable table, CancellationToken cancellationToken)
    {
        // Rows of the last key that is there may be only some of them, so they are copied again.
        var key = target.Column(table.Key);
        var last = await target.ScalarAsync($"select coalesce(max({key}), 0) from {target.Table(table.Name)}", cancellationToken);
        await target.ExecuteAsync($"delete from {target.Table(table.Name)} where {key} = {last.ToString(CultureInfo.InvariantCulture)}", cancellationToken);
        var rows = new List<object?[]>(Batch);
        var done = 0L;
        await foreach (var row in source.ReadAsync(table, last, cancellationToken))
        {
            rows.Add(row);
            if (rows.Count == Batch)
            {
                await target.InsertAsync(table, rows, cancellationToken);
                done += rows.Count;
                rows.Clear();
                progress.Report($"Copying {table.What}", done);
            }
        }

        await target.InsertAsync(table, rows, cancellationToken);
    }

    private async Task<RowDigest> DigestAsync(StoreDatabase database, StoreTable table, CancellationToken cancellationToken)
    {
        var digest = new RowDigest();
        await foreach (var row in database.ReadAsync(table, 0, cancellationToken))
        {
            digest.Add(row, table.Name == "point");
            progress.Report($"Comparing {table.What}", digest.Rows);
        }

        return digest;
    }
}
