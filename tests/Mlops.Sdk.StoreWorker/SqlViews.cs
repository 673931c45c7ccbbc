using System.Data.Common;
using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.StoreWorker;

/// <summary>The read-only views that every relational store has for people with an SQL client: the same columns and, for the same history, the same rows.</summary>
public static class SqlViews
{
    /// <summary>The columns of each view, in order.</summary>
    public static IReadOnlyDictionary<string, string[]> Columns { get; } = new Dictionary<string, string[]>
    {
        ["runs"] = ["workspace", "run_id", "experiment", "name", "state", "actor", "started", "ended", "last_seen", "reason", "dropped_points", "parent_id", "deleted"],
        ["run_params"] = ["workspace", "run_id", "param", "value", "number"],
        ["run_metrics_latest"] = ["workspace", "run_id", "metric", "value", "is_nan", "step", "at"],
        ["model_versions"] = ["workspace", "model", "version", "package", "model_digest", "runtime", "actor", "created", "run_kind", "run_id", "gate_report", "description", "owner", "approval", "is_deleted"],
        ["aliases"] = ["workspace", "model", "alias", "version", "actor", "moved", "why"],
        ["lineage"] = ["workspace", "from_kind", "from_id", "relation", "to_kind", "to_id", "to_workspace"],
    };

    /// <summary>The example of docs/metadata.md.</summary>
    private const string Example = """
        select r.run_id, r.started, p.value as trainer, m.value as auc
        from runs r join run_params p on p.run_id = r.run_id and p.param = 'trainer' join run_metrics_latest m on m.run_id = r.run_id and m.metric = 'auc'
        where r.experiment = 'é 😀' and r.deleted is null order by m.value desc limit 20;
        """;

    /// <summary>Writes a small history through the capabilities of an empty store and compares what the views say about it, over an open connection to the database.</summary>
    public static async Task CheckAsync(IMetadataStore store, DbConnection database, CancellationToken cancellationToken)
    {
        await using var host = await StoreHost.OpenAsync(store, "ada", cancellationToken);
        var data = Digest.FromHash(new byte[32]);
        await using var run = await host.Tracker.StartRunAsync("é 😀", new() { Name = "it's \"night\"", Inputs = [new(data, DatasetRole.Training, "flights")] }, cancellationToken);
        await run.LogParamsAsync(new Dictionary<string, AttributeValue> { ["trainer"] = "LightGbm", ["leaves"] = 31, ["rate"] = 0.125, ["odd"] = double.NaN, ["far"] = double.PositiveInfinity }, cancellationToken);
        var observed = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        run.LogMetric("auc", 0.5, 1, observed.AddDays(1));
        run.LogMetric("auc", 0.75, 2, observed);
        run.LogMetric("loss", double.NaN, 7, observed);
        await run.SetTagAsync("team", "a", cancellationToken);
        await run.FailAsync("out of luck", cancellationToken);
        await using var open = await host.Tracker.StartRunAsync("é 😀", new() { Parent = run.Id }, cancellationToken);
        await host.Tracker.DeleteRunAsync(open.Id, cancellationToken);
        var package = await host.PackageAsync(cancellationToken: cancellationToken);
        var first = await host.Registry.RegisterAsync(new() { Model = "delay", Package = package, Run = run.Entity, Description = "by night", Owner = "team a" }, cancellationToken);
        var second = await host.Registry.RegisterAsync(new() { Model = "delay", Package = package }, cancellationToken);
        await host.Registry.RegisterAsync(new() { Model = "delay", Package = package }, cancellationToken);
        await host.Registry.DeleteVersionAsync("delay", 3, cancellationToken: cancellationToken);
        await host.Registry.DecideApprovalAsync("delay", 2, ApprovalDecision.Request, cancellationToken: cancellationToken);
        await host.Registry.RemoveAliasAsync(await host.Registry.MoveAliasAsync("delay", "old", 1, null, cancellationToken: cancellationToken), cancellationToken: cancellationToken);
        var alias = await host.Registry.MoveAliasAsync("delay", "champion", 1, null, "the first", cancellationToken);
        alias = await host.Registry.MoveAliasAsync("delay", "champion", 2, alias, "better", cancellationToken);
        var ended = (await host.Tracker.FindRunAsync(run.Id, cancellationToken))!;
        var entities = (await store.FindAsync([run.Entity, open.Entity], EntityParts.Attributes, cancellationToken)).Select(entity => entity!).ToList();

        (await ReadAsync(database, "runs", "order by started", cancellationToken)).Should().Equal(
            Row("default", run.Id, "é 😀", "it's \"night\"", "failed", "ada", entities[0].Created, ended.Ended, entities[0].Modified, "out of luck", 0, null, null),
            Row("default", open.Id, "é 😀", null, "running", "ada", entities[1].Created, null, entities[1].Modified, null, 0, run.Id, Deleted(entities[1])));
        (await ReadAsync(database, "run_params", "order by param", cancellationToken)).Should().Equal(
            Row("default", run.Id, "far", Any, double.PositiveInfinity),
            Row("default", run.Id, "leaves", "31", 31),
            Row("default", run.Id, "odd", "NaN", null),
            Row("default", run.Id, "rate", "0.125", 0.125),
            Row("default", run.Id, "trainer", "LightGbm", null));
        (await ReadAsync(database, "run_metrics_latest", "order by metric", cancellationToken)).Should().Equal(
            Row("default", run.Id, "auc", 0.75, false, 2, observed),
            Row("default", run.Id, "loss", null, true, 7, observed));
        (await ReadAsync(database, "model_versions", "where version < 3 order by version", cancellationToken)).Should().Equal(
            Row("default", "delay", 1, package, first.ModelDigest, "own", "ada", first.Created, "run", run.Id, null, "by night", "team a", null, false),
            Row("default", "delay", 2, package, first.ModelDigest, "own", "ada", second.Created, null, null, null, null, null, "requested", false));
        (await ReadAsync(database, "model_versions", "where version = 3", cancellationToken)).Should().ContainSingle().Which.Should().EndWith(Row(null, null, null, null, true));
        await using var example = database.CreateCommand();
        example.CommandText = Example;
        await using (var reader = await example.ExecuteReaderAsync(cancellationToken))
        {
            (await reader.ReadAsync(cancellationToken)).Should().BeTrue();
            (reader.GetString(0), reader.GetString(2), reader.GetDouble(3)).Should().Be((run.Id, "LightGbm", 0.75));
        }

        (await ReadAsync(database, "aliases", "", cancellationToken)).Should().Equal(Row("default", "delay", "champion", 2, "ada", alias.Moved, "better"));
        (await ReadAsync(database, "lineage", "where relation <> 'experiment' and from_id <> 'delay/3' and from_kind <> 'registration' order by relation, from_id", cancellationToken)).Should().Equal(
            Row("default", "run", run.Id, "input.training", "dataset", data, "default"),
            Row("default", "model-version", "delay/1", "made-by", "run", run.Id, "default"),
            Row("default", "model-version", "delay/1", "package", "artifact", package, "default"),
            Row("default", "model-version", "delay/2", "package", "artifact", package, "default"),
            Row("default", "run", open.Id, "parent", "run", run.Id, "default"),
            Row("default", "alias", "delay/champion", "version", "model-version", "delay/2", "default"));
    }

    /// <summary>Stands for a text that the databases write differently.</summary>
    private static readonly object Any = new();

    private static async Task<List<string>> ReadAsync(DbConnection database, string view, string rest, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        command.CommandText = $"select * from {view} {rest}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).Should().Equal(Columns[view], "these are the columns of {0}", view);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(Row([.. values.Select((value, i) => IsTime(reader.GetName(i)) && value is string text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : value)]));
        }

        return rows;
    }

    private static DateTimeOffset Deleted(Entity run) => DateTimeOffset.FromUnixTimeMilliseconds((long)run.Attributes!["deleted"].Number!.Value);

    private static bool IsTime(string column) => column is "started" or "ended" or "last_seen" or "created" or "moved" or "at" or "deleted";

    private static string Row(params object?[] values) => string.Join(" | ", values.Select(Text));

    /// <summary>Times to the millisecond; booleans as databases without them keep them.</summary>
    private static string Text(object? value) => value switch
    {
        null or DBNull => "null",
        bool flag => flag ? "1" : "0",
        DateTime time => Text(new DateTimeOffset(time.ToUniversalTime())),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture),
        double.PositiveInfinity => "infinity",
        "Inf" or "Infinity" => "infinity",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => ReferenceEquals(value, Any) ? "infinity" : value.ToString()!,
    };
}
