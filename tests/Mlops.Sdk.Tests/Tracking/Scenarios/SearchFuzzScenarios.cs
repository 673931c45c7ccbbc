using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Whatever is typed is either a filter, which every store can run, or the documented error.</summary>
public abstract class SearchFuzzScenarios : IAsyncLifetime
{
    private const string Valid = "metrics.auc > 0.8 and (params.trainer = 'LightGbm' or tags.team in ('a','b')) and not tags.`i g` is not null and status != \"x\" order by metrics.auc desc";
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);

    private static readonly string[] Pieces =
    [
        "metrics.auc", "params.p", "tags.t", "tags.", "`", "\"", "'", "'a'", "\"a\"", "`a`", "1", "1e", "-", "1.", "-1e5", ".5", "NaN", "-inf", "(", ")", "((", ",", "=", "!=", "<>", "<=", ">", "in", "not", "and", "or", "is", "null", "like", "ilike",
        "order", "by", "desc", "asc", "status", "run_id", "start_time", "'2026-01-01'", "datasets.name", "datasets.context", "@created", "é", "😀", "\ud83d", "\0", "\u0001", ";", "--", "/*", "%", "_", "''", "\\", "not in", "'%'", "IN (1,", " ", "\n",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]);

    private readonly ITrackingPlace place;
    private readonly IMetadataStore store;

    protected SearchFuzzScenarios(ITrackingPlace place)
    {
        this.place = place;
        store = place.Open(new FakeTimeProvider(TrackingHosts.Start));
    }

    /// <summary>A store that does not know a name need not ask its database.</summary>
    public async ValueTask InitializeAsync()
    {
        var random = new RandomRuns(new(1));
        var known = new Dictionary<string, AttributeValue> { ["metric.auc"] = 0.9, ["param.p"] = 6, ["param.trainer"] = "LightGbm", ["tag.t"] = new string('a', 5_000), ["tag.team"] = "a", ["state"] = "x" };
        for (var i = 0; i < 400; i++)
        {
            known[$"tag.t{i}"] = "b";
            known[$"metric.m{i}"] = 2;
        }

        Change[] changes =
        [
            .. RandomRuns.Datasets("default"), .. Enumerable.Range(0, 20).SelectMany(i => RandomRuns.Changes(random.Run(i), "default")),
            new Change.Create(new("run", "known"), new(1, default(ReadOnlyMemory<byte>))) { Attributes = known },
        ];
        (await store.CommitAsync(new(MlopsId.New(), "ada", changes))).Committed.Should().BeTrue();
    }

    public ValueTask DisposeAsync()
    {
        (store as IDisposable)?.Dispose();
        place.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public Task Random_characters_are_a_filter_or_the_documented_error() => Gen.String.SampleAsync(RunAsync, iter: 2_000 * Scale, threads: 1);

    [Fact]
    public Task Random_pieces_of_the_language_are_a_filter_or_the_documented_error() =>
        Piece.List[0, 40].Select(pieces => string.Join(pieces.Count % 3 == 0 ? "" : " ", pieces)).SampleAsync(RunAsync, iter: 5_000 * Scale, threads: 1);

    [Fact]
    public Task A_filter_with_mistakes_is_a_filter_or_the_documented_error() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Int[0, 6], Piece, Gen.Int[0, Valid.Length - 1]).Array[1, 3].Select(Mutate).SampleAsync(RunAsync, iter: 3_000 * Scale, threads: 1);

    [Fact]
    public async Task The_largest_filters_take_bounded_time()
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var text in (string[])[
            new string('(', 10_000), new string('\'', 9_999), new string('`', 10_000), new string('9', 10_000), $"metrics.a > {new string('9', 300)}.{new string('9', 9_000)}",
            string.Concat(Enumerable.Repeat("not ", 2_500)), string.Concat(Enumerable.Repeat("a.", 5_000)), string.Concat(Enumerable.Repeat("é😀", 3_000)),
            $"tags.t like '{string.Concat(Enumerable.Repeat("%a", 4_900))}'", $"tags.t ilike '{string.Concat(Enumerable.Repeat("_%", 4_900))}'",
            $"params.p in ({string.Join(',', Enumerable.Repeat("'1'", 2_400))})", string.Join(" or ", Enumerable.Range(0, 400).Select(i => $"tags.t{i} = 'a'")), string.Join(" and ", Enumerable.Range(0, 400).Select(i => $"metrics.m{i}>1"))])
        {
            await RunAsync(text);
        }

        Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("'; drop table entity; --")]
    [InlineData("' or '1'='1")]
    [InlineData("\" or \"\"=\"")]
    [InlineData("?1 or 1=1")]
    [InlineData("*[a-z]*")]
    [InlineData("$(rm)`x`{0}")]
    [InlineData("\\' or 1=1 --")]
    public async Task What_looks_like_SQL_is_only_text(string evil)
    {
        await store.CommitAsync(new(MlopsId.New(), "ada", [Create("plain", "x"), Create("evil", evil)]), TrackingHosts.Token);
        var all = await store.CountAsync("run", cancellationToken: TrackingHosts.Token);
        var quoted = evil.Replace("'", "''", StringComparison.Ordinal);
        var name = evil.Replace("`", "``", StringComparison.Ordinal);

        foreach (var text in (string[])[$"tags.t = '{quoted}'", $"tags.t in ('{quoted}')", $"tags.t like '{quoted}'", $"tags.t ilike '{quoted}'", $"tags.`{name}` = 'y'", $"tags.`{name}` is not null", $"tags.t = '{quoted}' order by tags.`{name}` desc", $"not tags.t != '{quoted}' and tags.t is not null"])
        {
            (await store.QueryAsync(EntityQuery.Parse("run", text), TrackingHosts.Token)).Items.Select(run => run.Id.Key).Should().Equal(["evil"], "of {0}", text);
        }

        (await store.CountAsync("run", cancellationToken: TrackingHosts.Token)).Should().Be(all);

        Change.Create Create(string key, string tag) => new(new("run", key), new(1, default(ReadOnlyMemory<byte>)))
        {
            Attributes = new Dictionary<string, AttributeValue> { ["tag.t"] = tag, [tag == "x" ? "tag.x" : "tag." + tag] = "y" },
        };
    }

    private static string Mutate((int At, int Cut, string Piece, int Swap)[] mistakes)
    {
        var text = new StringBuilder(Valid);
        foreach (var (at, cut, piece, swap) in mistakes)
        {
            var from = Math.Min(at, text.Length);
            text.Remove(from, Math.Min(cut, text.Length - from));
            text.Insert(swap % 2 == 0 ? from : Math.Min(swap, text.Length), piece);
        }

        return text.ToString();
    }

    /// <summary>Any other exception, from the parser or from the store, fails the test.</summary>
    private async Task RunAsync(string text)
    {
        EntityQuery query;
        try
        {
            query = EntityQuery.Parse("run", text);
        }
        catch (FilterSyntaxException error)
        {
            error.Position.Should().BeInRange(0, text.Length);
            error.Expected.Should().NotBeEmpty();
            error.Message.Split('\n').Should().HaveCount(3);
            return;
        }

        await store.QueryAsync(query);
    }
}
