using Xunit;

namespace Mlops.Sdk.Metadata;

/// <summary>The part of <see cref="MetadataStoreConformance"/> about attributes and metric points.</summary>
public abstract class MetadataValueFacts : MetadataGuardFacts
{
    private static readonly double[] Numbers =
        [0.0, 1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 0.1 + 0.2, 1L << 53, 1e300];

    private static readonly string[] Texts =
        ["", " ", " both ends ", "naïve", "é", "e\u0301", "ключ", "鍵", "😀", "👩‍👩‍👧", "\U0010FFFF", "\uFFFD", "a/b", "it's", "\"quoted\"", "%_\\", "K", "k", "\u212A", "İ", "ß", "NaN", "1", "null", "$1", "@p0", ";--", "\r\n\t"];

    [Fact]
    public virtual async Task Every_number_survives_a_round_trip_as_an_attribute()
    {
        await CommitAsync(new Change.Create(Id("a"), Body()) { Attributes = Numbers.Index().ToDictionary(n => $"n{n.Index}", n => new AttributeValue(n.Item)) });
        var read = (await GetAsync(Id("a"))).Attributes!;
        Assert.Equal(Numbers.Length, read.Count);
        foreach (var (i, number) in Numbers.Index())
        {
            Assert.True(read[$"n{i}"].Number is { } found && Same(number, found), $"Wrote {number:R} as an attribute, read {read[$"n{i}"]}.");
        }
    }

    [Fact]
    public virtual async Task Every_number_survives_a_round_trip_as_a_point()
    {
        await CommitAsync(New("a"), new Change.Append(Id("a"), [.. Numbers.Select((n, i) => new MetricPoint("loss", i, DateTimeOffset.UnixEpoch, n))]));
        var read = await PointsAsync(new(Id("a"), "loss"));
        Assert.Equal(Numbers.Length, read.Count);
        foreach (var (written, point) in Numbers.Zip(read))
        {
            Assert.True(Same(written, point.Value), $"Wrote {written:R} as a point, read {point.Value:R}.");
        }
    }

    [Fact]
    public virtual async Task The_sign_of_zero_survives()
    {
        await CommitAsync(New("a", ("zero", 0.0), ("minus", -0.0)), new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, -0.0), new("loss", 2, DateTimeOffset.UnixEpoch, 0.0)]));
        var read = (await GetAsync(Id("a"))).Attributes!;
        Assert.True(Same(0.0, read["zero"].Number!.Value) && Same(-0.0, read["minus"].Number!.Value), "The sign of -0 was lost in an attribute.");
        var points = await PointsAsync(new(Id("a"), "loss"));
        Assert.True(Same(-0.0, points[0].Value) && Same(0.0, points[1].Value), "The sign of -0 was lost in a point.");
    }

    [Fact]
    public virtual async Task Every_text_survives_a_round_trip()
    {
        var attributes = Texts.Index().ToDictionary(t => $"t{t.Index}", t => new AttributeValue(t.Item));
        await CommitAsync(new Change.Create(Id("a"), Body("é😀")) { Attributes = attributes });
        var entity = await GetAsync(Id("a"));
        Assert.Equal(attributes, entity.Attributes!.ToDictionary());
        Assert.Equal("é😀", System.Text.Encoding.UTF8.GetString(entity.Body.Bytes.Span));
        foreach (var (i, text) in Texts.Index())
        {
            Assert.Equal(["a"], await MatchesAsync(new EntityFilter.Compare($"t{i}", Comparison.Equal, text)));
        }
    }

    [Fact]
    public virtual async Task Names_of_any_script_are_kept_and_told_apart()
    {
        var names = Texts.Where(t => t.Length > 0 && !t.Any(char.IsControl) && t[0] != '@').ToArray();
        await CommitAsync([.. names.Select(n => new Change.Create(new("thing", n), Body(n)) { Attributes = names.ToDictionary(a => a, a => new AttributeValue(a)) })]);
        Assert.Equal(names.Order(StringComparer.Ordinal), (await KeysAsync(new("thing") { Limit = 7 })).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            var entity = await GetAsync(new("thing", name));
            Assert.Equal(name, System.Text.Encoding.UTF8.GetString(entity.Body.Bytes.Span));
            Assert.Equal(names.Order(StringComparer.Ordinal), entity.Attributes!.Keys.Order(StringComparer.Ordinal));
            Assert.All(entity.Attributes!, a => Assert.Equal(a.Key, a.Value.Text));
            await CommitAsync(new Change.Append(entity.Id, [new(name, 1, DateTimeOffset.UnixEpoch, 2)]), new Change.Connect(new(entity.Id, name, entity.Id)), new Change.Note(entity.Id, name) { Why = name });
            Assert.Single(await PointsAsync(new(entity.Id, name)));
            Assert.Single(await LinksAsync(new([entity.Id], LinkDirection.Out) { Relation = name }));
            var note = Assert.Single(await EventsAsync(new() { Subject = entity.Id }));
            Assert.Equal((name, name), (note.Type, note.Why));
        }
    }

    [Fact]
    public virtual async Task An_attribute_is_set_changed_in_type_and_removed()
    {
        await CommitAsync(New("a"));
        foreach (var value in new AttributeValue?[] { 1, "one", double.NaN, "", null, null, 0 })
        {
            await CommitAsync(new Change.Set(Id("a"), "v", value));
            Assert.Equal(value, await AttributeAsync(Id("a"), "v"));
        }
    }

    [Fact]
    public virtual async Task The_greatest_point_by_step_time_and_value_is_the_attribute()
    {
        MetricPoint[] rising =
        [
            At(-3, 50, 9), At(1, 0, 1), At(1, 0, 2), At(1, 0, double.PositiveInfinity), At(1, 0, double.NaN), At(1, 1, double.NegativeInfinity), At(1, 1, -1),
            At(2, -100, 0), At(long.MaxValue, 0, 3),
        ];
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var id = Id($"run{seed}");
            var greatest = -1;
            await CommitAsync(new Change.Create(id, Body()));
            var shuffled = Enumerable.Range(0, rising.Length).ToArray();
            random.Shuffle(shuffled);
            foreach (var batch in shuffled.Chunk(random.Next(1, 4)))
            {
                await CommitAsync(new Change.Append(id, [.. batch.Select(i => rising[i])]));
                greatest = Math.Max(greatest, batch.Max());
                Assert.Equal(rising[greatest].Value, (await AttributeAsync(id, "loss"))?.Number);
            }

            Assert.Equal(rising, await PointsAsync(new(id, "loss")));
        }

        static MetricPoint At(long step, int milliseconds, double value) => new("loss", step, DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds), value);
    }

    [Fact]
    public virtual async Task An_older_point_in_a_later_changeset_never_replaces_the_latest_value()
    {
        await CommitAsync(New("a"), new Change.Append(Id("a"), [new("loss", 5, DateTimeOffset.UnixEpoch, 0.5)]));
        await CommitAsync(new Change.Append(Id("a"), [new("loss", 4, DateTimeOffset.UnixEpoch.AddDays(1), 0.4)]));
        Assert.Equal(0.5, await AttributeAsync(Id("a"), "loss"));
        Assert.Equal([4L, 5L], (await PointsAsync(new(Id("a"), "loss"))).Select(p => p.Step));
    }

    [Fact]
    public virtual async Task A_value_set_by_hand_gives_way_to_the_next_point()
    {
        await CommitAsync(New("a", ("loss", "unknown")), new Change.Append(Id("a"), [new("loss", 1, DateTimeOffset.UnixEpoch, 0.5), new("acc", 1, DateTimeOffset.UnixEpoch, 0.9)]));
        Assert.Equal(0.5, await AttributeAsync(Id("a"), "loss"));
        Assert.Equal(0.9, await AttributeAsync(Id("a"), "acc"));
    }

    [Fact]
    public virtual async Task The_latest_value_is_right_under_16_concurrent_writers()
    {
        await CommitAsync(New("a"));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                var step = (i * 16) + writer;
                await CommitAsync(new Change.Append(Id("a"), [new("loss", step, DateTimeOffset.UnixEpoch, -step)]));
            }
        })));
        Assert.Equal(-159.0, await AttributeAsync(Id("a"), "loss"));
        Assert.Equal(Enumerable.Range(0, 160).Select(i => (long)i), (await PointsAsync(new(Id("a"), "loss"))).Select(p => p.Step));
    }

    [Fact]
    public virtual async Task Points_are_read_by_owner_key_and_range_of_steps()
    {
        await CommitAsync(New("a"), New("b"));
        await CommitAsync(
            new Change.Append(Id("a"), [.. Enumerable.Range(-5, 11).Reverse().Select(i => new MetricPoint("loss", i, DateTimeOffset.UnixEpoch, i)), new("acc", 0, DateTimeOffset.UnixEpoch, 7)]),
            new Change.Append(Id("b"), [new("loss", 0, DateTimeOffset.UnixEpoch, 8), new("loss", long.MinValue, DateTimeOffset.UnixEpoch, 9), new("loss", long.MaxValue, DateTimeOffset.UnixEpoch, 10)]));
        Assert.Equal([-2L, -1, 0, 1, 2, 3], (await PointsAsync(new(Id("a"), "loss") { FromStep = -2, ToStep = 3 })).Select(p => p.Step));
        Assert.Equal(11, (await PointsAsync(new(Id("a"), "loss"))).Count);
        Assert.Equal([(long.MinValue, 9.0), (0, 8), (long.MaxValue, 10)], (await PointsAsync(new(Id("b"), "loss"))).Select(p => (p.Step, p.Value)));
        Assert.Equal(7, Assert.Single(await PointsAsync(new(Id("a"), "acc"))).Value);
        Assert.Empty(await PointsAsync(new(Id("a"), "gone")));
        Assert.Empty(await PointsAsync(new(Id("gone"), "loss")));
        Assert.Empty(await PointsAsync(new(Id("a"), "loss") { FromStep = 3, ToStep = 2 }));
    }

    [Fact]
    public virtual async Task Times_of_points_are_kept_to_the_millisecond_whatever_their_offset()
    {
        var time = new DateTimeOffset(2024, 2, 29, 23, 59, 59, 999, TimeSpan.FromHours(5.5));
        var early = new DateTimeOffset(1901, 1, 1, 0, 0, 0, 1, TimeSpan.Zero);
        await CommitAsync(New("a"), new Change.Append(Id("a"), [new("loss", 1, time, 1), new("loss", 1, early, 2)]));
        Assert.Equal([early, time], (await PointsAsync(new(Id("a"), "loss"))).Select(p => p.Timestamp));
    }

    [Fact]
    public virtual async Task Times_of_points_are_cut_to_the_millisecond_before_they_are_compared()
    {
        var old = new DateTimeOffset(1901, 1, 1, 0, 0, 0, 7, TimeSpan.Zero);
        foreach (var (time, i) in new[] { DateTimeOffset.UnixEpoch, old }.Select((t, i) => (t, i)))
        {
            var id = Id($"{i}");
            await CommitAsync(New($"{i}"), new Change.Append(id, [new("loss", 1, time.AddMicroseconds(100), 9), new("loss", 1, time.AddMicroseconds(999), 5)]));
            Assert.All(await PointsAsync(new(id, "loss")), p => Assert.True(p.Timestamp == time, $"A time within the millisecond {time:O} was read back as {p.Timestamp:O}."));
            Assert.True(await AttributeAsync(id, "loss") == 9.0, "Both points have the same millisecond, so the greater value is the latest.");
        }
    }
}
