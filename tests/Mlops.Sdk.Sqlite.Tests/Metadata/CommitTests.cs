using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

public sealed class CommitTests : IAsyncLifetime
{
    private readonly TemporaryDatabase database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task The_writer_syncs_its_log_before_it_answers()
    {
        var file = new SqliteFile(new() { Path = database.Path });
        using var connection = file.OpenWriter();
        await file.PrepareAsync(connection, Token);
        connection["pragma synchronous"].Scalar().Should().Be(2, "2 is FULL");
        await using var raw = new RawDatabase(database.Path);
        raw.Scalar("pragma journal_mode").Should().Be("wal");

        var transaction = new SqliteTransaction(connection, new(), TimeProvider.System);
        transaction.SetDurability(normal: true);
        connection["pragma synchronous"].Scalar().Should().Be(1, "1 is NORMAL");
        transaction.SetDurability(normal: false);
        connection["pragma synchronous"].Scalar().Should().Be(2);
    }

    [Fact]
    public async Task A_caller_that_blocks_its_own_context_can_close_the_store()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        var stuck = new StuckContext();
        var closed = Task.Run(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(stuck);
                var commit = store.CommitAsync(Create("a"), CancellationToken.None);
                store.Dispose();
                SynchronizationContext.SetSynchronizationContext(null);
                return commit;
            },
            Token);

        (await closed.WaitAsync(TimeSpan.FromSeconds(20), Token)).Committed.Should().BeTrue();
        stuck.Posted.Should().Be(0, "nothing of a commit may need the context of its caller");
    }

    /// <summary>A user interface whose thread is busy: what is posted to it does not run.</summary>
    private sealed class StuckContext : SynchronizationContext
    {
        public int Posted { get; private set; }

        public override void Post(SendOrPostCallback d, object? state) => Posted++;
    }

    [Fact]
    public async Task Nothing_is_acknowledged_once_the_file_was_deleted_under_the_process()
    {
        var store = database.Store();
        await store.CommitAsync(Create("a"), Token);
        File.Delete(database.Path);

        var error = (await FluentActions.Awaiting(() => store.CommitAsync(Create("b"), Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Message.Should().Contain(database.Path).And.Contain("deleted or moved").And.Contain("restart");
        error.IsTransient.Should().BeFalse();
    }

    [Fact]
    public async Task A_statement_that_is_being_read_survives_any_number_of_others()
    {
        var file = new SqliteFile(new() { Path = database.Path });
        using var connection = file.OpenWriter();
        await file.PrepareAsync(connection, Token);
        var rows = connection["select value from json_each('[1,2]')"];
        rows.Step().Should().BeTrue();
        for (var i = 0; i < 1000; i++)
        {
            connection[$"select {i}"].Scalar().Should().Be(i);
        }

        rows.Step().Should().BeTrue();
        rows.Long(0).Should().Be(2);
        connection.Rollback();
        connection["select 1"].Scalar().Should().Be(1);
    }

    [Fact]
    public async Task Many_lists_of_values_in_one_filter_are_no_more_than_SQLite_takes()
    {
        var store = database.Store();
        await store.CommitAsync(Create("a"), Token);
        var lists = Enumerable.Range(0, 60).Select(i => new EntityFilter.Compare("@key", Comparison.In, [.. Enumerable.Range(0, 80).Select(j => (AttributeValue)$"{i}/{j}")]));
        var filter = new EntityFilter.Any([.. lists, new EntityFilter.Compare("@key", Comparison.In, ["b", "a"])]);

        (await store.QueryAsync(new("run") { Filter = filter }, Token)).Items.Should().ContainSingle();
        (await store.CountAsync("run", new EntityFilter.All([filter, filter]), cancellationToken: Token)).Should().Be(1);
    }

    [Fact]
    public async Task A_find_of_many_is_cancelled_in_the_middle()
    {
        var store = database.Store();
        await store.CommitAsync(Create("a"), Token);
        using var cancel = new CancellationTokenSource();
        var asked = 0;
        var ids = new CountedIds(() =>
        {
            if (++asked == 10)
            {
                cancel.Cancel();
            }
        });

        await FluentActions.Awaiting(() => store.FindAsync(ids, cancellationToken: cancel.Token)).Should().ThrowAsync<OperationCanceledException>();
        asked.Should().BeLessThan(20);
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_while_another_process_writes_leaves_no_trace()
    {
        var store = database.Store();
        await store.OpenAsync(Token);
        await using var raw = new RawDatabase(database.Path);
        raw.Execute("begin immediate");
        using var cancel = new CancellationTokenSource();

        var cancelled = store.CommitAsync(Create("a"), cancel.Token);
        var kept = store.CommitAsync(Create("b"), Token);
        await cancel.CancelAsync();
        await FluentActions.Awaiting(() => cancelled).Should().ThrowAsync<OperationCanceledException>();
        raw.Execute("rollback");

        (await kept).Committed.Should().BeTrue();
        var found = await store.FindAsync([new("run", "a"), new("run", "b")], cancellationToken: Token);
        found.Select(entity => entity?.Id.Key).Should().Equal(null, "b");
    }

    [Fact]
    public async Task A_lock_that_is_held_too_long_is_a_transient_error_and_readers_go_on()
    {
        var store = database.Store(configure: o => o.BusyTimeout = TimeSpan.FromMilliseconds(50));
        await store.OpenAsync(Token);
        await using var raw = new RawDatabase(database.Path);
        raw.Execute("begin immediate");

        var error = (await FluentActions.Awaiting(() => store.CommitAsync(Create("a"), Token)).Should().ThrowAsync<MlopsException>()).Which;
        error.Should().Match<MlopsException>(e => e.IsTransient && e.Operation == "commit" && e.Message.Contains(database.Path));
        (await store.CountAsync("run", cancellationToken: Token)).Should().Be(0);

        raw.Execute("rollback");
        (await store.CommitAsync(Create("a"), Token)).Committed.Should().BeTrue();
    }

    [Fact]
    public async Task Changesets_of_one_transaction_are_each_kept_or_refused_alone()
    {
        var file = new SqliteFile(new() { Path = database.Path });
        using (var connection = file.OpenWriter())
        {
            await file.PrepareAsync(connection, Token);
            var transaction = new SqliteTransaction(connection, new(), TimeProvider.System);

            // Every second one is refused. Names that it was the first to use must be made again by the next.
            var group = Enumerable.Range(0, 64).Select(i => new SqliteWork(
                new(MlopsId.New(), "ada", [
                    new Change.CreateNumbered("version", new("model", "m"), new(1, default)) { Attributes = new Dictionary<string, AttributeValue> { [$"n{i / 2}"] = i } },
                    new Change.Require(new("version", i % 2 == 0 ? "m/0" : "m/1"))]), Token)).ToList();
            await file.BeginAsync(connection, Token);
            var results = transaction.Run(group);
            results.Where((_, i) => i % 2 == 0).Should().OnlyContain(r => !r.Committed);
            results.Where((_, i) => i % 2 == 1).SelectMany(r => r.Created).Select(id => id.Key).Should().Equal(Enumerable.Range(1, 32).Select(n => $"m/{n}"));
            results.Where(r => r.Committed).Select(r => r.At).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        }

        var store = database.Store();
        for (var i = 1; i < 64; i += 2)
        {
            (await store.CountAsync("version", new EntityFilter.Compare($"n{i / 2}", Comparison.Equal, i), cancellationToken: Token)).Should().Be(1);
        }
    }

    [Fact]
    public async Task Points_of_a_deleted_entity_vanish_at_once_and_are_removed_later()
    {
        var store = database.Store();
        var id = new EntityId("run", "a");
        await store.CommitAsync(Create("a"), Token);
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Append(id, [.. Enumerable.Range(0, 12_000).Select(i => new MetricPoint("m", i, DateTimeOffset.UnixEpoch, i))])]), Token);
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Delete(id, 1), new Change.Create(id, new(1, default))]), Token);
        (await store.ReadPointsAsync(new(id, "m"), Token).ToListAsync(Token)).Should().BeEmpty();

        await using var raw = new RawDatabase(database.Path);
        var deadline = DateTimeOffset.UtcNow.AddSeconds(30);
        while ((long)raw.Scalar("select count(*) from purge")! > 0 && DateTimeOffset.UtcNow < deadline)
        {
            await Task.Delay(5, Token);
        }

        raw.Scalar("select count(*) from point").Should().Be(0L);
    }

    [Fact]
    public async Task More_points_than_a_page_are_read_in_order()
    {
        var store = database.Store();
        var id = new EntityId("run", "a");
        await store.CommitAsync(Create("a"), Token);
        var points = Enumerable.Range(0, 12_345).Select(i => new MetricPoint("m", i / 3, DateTimeOffset.UnixEpoch.AddMilliseconds(i % 3), i % 100 == 0 ? double.NaN : i)).ToList();
        await store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Append(id, [.. points.AsEnumerable().Reverse()])]), Token);

        (await store.ReadPointsAsync(new(id, "m"), Token).ToListAsync(Token)).Should().Equal(points);
    }

    private static Changeset Create(string key) => new(MlopsId.New(), "ada", [new Change.Create(new("run", key), new(1, default))]);

    private sealed class CountedIds(Action asked) : IReadOnlyList<EntityId>
    {
        public int Count => 100_000;

        public EntityId this[int index] => new("run", "a");

        public IEnumerator<EntityId> GetEnumerator()
        {
            for (var i = 0; i < Count; i++)
            {
                asked();
                yield return this[i];
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
