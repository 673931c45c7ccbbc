using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>Random work on the store in memory, which is the model of the contract, and on SQLite must give the same answers, byte for byte, page tokens and times included.</summary>
public sealed class DifferentialTests
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public Task Random_work_gives_the_answers_of_the_model() => Gen.Int.SampleAsync(CompareAsync, iter: 20 * Scale, threads: 2);

    private static async Task CompareAsync(int seed)
    {
        var random = new Random(seed);
        var make = new RandomMetadata(random);
        var clock = new FakeTimeProvider(Start);
        await using var database = new TemporaryDatabase();
        var model = new InMemoryMetadataStore(clock);

        // Small numbers lead a small world through every branch: drive, bounded walk, walk on.
        SqliteQueryLimits[] plans = [new(), new(0, 0, 1), new(0, 1000, 1), new(2, 5, 2), new(1, 0, 3)];
        var limits = plans[random.Next(plans.Length)];
        var store = database.Store(clock, limits: limits);
        var done = new List<Changeset>();
        for (var i = 0; i < 60; i++)
        {
            clock.Advance(TimeSpan.FromMicroseconds(random.Next(5000)));
            var changeset = done.Count > 0 && random.Next(10) == 0 ? done[random.Next(done.Count)] : make.Changeset();
            done.Add(changeset);
            Same(await store.CommitAsync(changeset), await model.CommitAsync(changeset), $"changeset {i} of seed {seed}: {string.Join(", ", changeset.Changes)}");
            if (random.Next(20) == 0)
            {
                await store.DisposeAsync();
                store = database.Store(clock, limits: limits);
            }

            if (i % 6 == 5)
            {
                await ReadAsync(make, model, store, seed);
            }
        }
    }

    private static async Task ReadAsync(RandomMetadata make, InMemoryMetadataStore model, SqliteMetadataStore store, int seed)
    {
        var ids = Enumerable.Range(0, 5).Select(_ => make.EntityId()).ToList();
        foreach (var parts in (EntityParts[])[EntityParts.None, EntityParts.Body | EntityParts.Attributes])
        {
            Same(await store.FindAsync(ids, parts), await model.FindAsync(ids, parts), $"find of seed {seed}");
        }

        for (var n = 0; n < 25; n++)
        {
            var query = make.Query();
            var why = $"{PageToken.Describe(query)} of seed {seed}";
            Same(await PagesAsync(query, store.QueryAsync, (q, after) => q with { After = after }), await PagesAsync(query, model.QueryAsync, (q, after) => q with { After = after }), why);
            Same(await store.CountAsync(query.Kind, query.Filter, query.Workspace, query.Limit), await model.CountAsync(query.Kind, query.Filter, query.Workspace, query.Limit), why);
        }

        for (var n = 0; n < 5; n++)
        {
            var links = make.Links();
            Same(await PagesAsync(links, store.LinksAsync, (q, after) => q with { After = after }), await PagesAsync(links, model.LinksAsync, (q, after) => q with { After = after }), $"{links} of seed {seed}");
            var points = make.Points();
            Same(await PointsAsync(store, points), await PointsAsync(model, points), $"{points} of seed {seed}");
            var events = make.Events();
            Same(await store.ReadEventsAsync(events), await model.ReadEventsAsync(events), $"{events} of seed {seed}");
        }
    }

    private static async Task<List<Page<TItem>>> PagesAsync<TQuery, TItem>(TQuery query, Func<TQuery, CancellationToken, Task<Page<TItem>>> read, Func<TQuery, string?, TQuery> next)
    {
        var pages = new List<Page<TItem>>();
        string? after = null;
        do
        {
            pages.Add(await read(next(query, after), default));
            after = pages[^1].Next;
        }
        while (after is not null && pages.Count < 100);

        return pages;
    }

    private static async Task<List<MetricPoint>> PointsAsync(IMetadataStore store, PointQuery query)
    {
        var points = new List<MetricPoint>();
        await foreach (var point in store.ReadPointsAsync(query))
        {
            points.Add(point);
        }

        return points;
    }

    private static void Same(object? actual, object? expected, string why) => Written.Of(actual).Should().Be(Written.Of(expected), "the model says so for {0}", why);
}
