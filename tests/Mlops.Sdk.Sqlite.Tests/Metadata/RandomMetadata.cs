using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Sqlite.Tests.Metadata;

/// <summary>Random changesets, filters and queries over a world that is small enough for everything to meet everything.</summary>
internal sealed class RandomMetadata(Random random)
{
    private static readonly string[] Kinds = ["run", "model"];
    private static readonly string[] Workspaces = ["default", "default", "default", "other"];
    private static readonly string[] Keys = ["a", "b", "c", "A", "é", "😀", "x%y", "\uFFFD", "s/1"];
    private static readonly string[] Names = ["m1", "m2", "p1", "é", "NaN", "number"];
    private static readonly string[] Relations = ["used", "made", "é"];
    private static readonly string[] Texts = ["", "a", "A", "ab", "aB", "abc", "%", "_", "a*b", "a?b", "[x]", "é", "É", "😀", "\uFFFD", "NaN", "a\\b", "1", "]"];
    private static readonly string[] Patterns = ["", "%", "a%", "A%", "%b", "_", "__", "%_%", "a_b", "a*b", "a?b", "[x]", "%[%", "é", "É%", "%%a%%", "😀", "_b%", "a\\%", "%*%", "]", "^%"];
    private static readonly double[] Numbers = [-0.0, 0, 1, 2, 3, -1, 0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, 5e-324, 1.0 / 3];

    public Changeset Changeset() => new(Id(), Pick("anna", "bert"), [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Change())]);

    public EntityId EntityId() => new(Pick(Kinds), Pick(Keys), Pick(Workspaces));

    public EntityQuery Query() => new(Pick(Kinds))
    {
        Workspace = Pick(Workspaces),
        Filter = random.Next(4) == 0 ? null : Filter(random.Next(1, 4)),
        Order = random.Next(4) == 0 ? [] : [new(Pick([.. Names, "@created", "@modified", "@key", "unknown"]), random.Next(2) == 0)],
        Limit = random.Next(1, 6),
        Parts = (EntityParts)random.Next(4),
    };

    public EntityFilter Filter(int depth) => random.Next(depth <= 0 ? 4 : 8) switch
    {
        0 => new EntityFilter.Present(Pick([.. Names, "@key", "unknown"])),
        1 or 2 or 3 => Compare(),
        4 => new EntityFilter.All([.. Filters(depth)]),
        5 => new EntityFilter.Any([.. Filters(depth)]),
        6 => new EntityFilter.Not(Filter(depth - 1)),
        _ => new EntityFilter.Linked(Pick(Relations), Pick(LinkDirection.In, LinkDirection.Out), Filter(depth - 1)),
    };

    public LinkQuery Links() => new([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => EntityId())], Pick(LinkDirection.In, LinkDirection.Out))
    {
        Relation = random.Next(2) == 0 ? null : Pick(Relations),
        Limit = random.Next(1, 4),
    };

    public PointQuery Points() => new(EntityId(), Pick(Names)) { FromStep = random.Next(2) == 0 ? long.MinValue : 1, ToStep = random.Next(2) == 0 ? long.MaxValue : 2 };

    public EventQuery Events() => new()
    {
        AfterPosition = random.Next(20),
        Kinds = random.Next(3) switch { 0 => [], 1 => [Pick(Kinds)], _ => [.. Kinds, "unknown"] },
        Subject = random.Next(3) == 0 ? EntityId() : null,
        Limit = random.Next(1, 10),
    };

    private Change Change() => random.Next(16) switch
    {
        0 or 1 or 2 => new Change.Create(EntityId(), Body()) { Attributes = Attributes() },
        3 => new Change.CreateNumbered(Pick(Kinds), new("scope", "s", Pick(Workspaces)), Body()) { Attributes = Attributes() },
        4 => new Change.Put(EntityId(), random.Next(1, 3), Body()) { Attributes = Attributes() },
        5 => new Change.Delete(EntityId(), random.Next(1, 3)),
        6 => new Change.Set(EntityId(), Pick(Names), random.Next(3) == 0 ? default(AttributeValue?) : Value()),
        7 => new Change.SetOnce(EntityId(), Pick(Names), Value()),
        8 => new Change.Touch(EntityId()),
        9 or 10 => new Change.Append(EntityId(), [.. Enumerable.Range(0, random.Next(5)).Select(_ => Point())]),
        11 or 12 => new Change.Connect(new(EntityId(), Pick(Relations), EntityId())),
        13 => new Change.Disconnect(new(EntityId(), Pick(Relations), EntityId())),
        14 => new Change.Note(EntityId(), Pick("made", "moved"), Body().Bytes) { Why = random.Next(2) == 0 ? null : Pick(Texts) },
        _ => Require(),
    };

    private Change.Require Require() => random.Next(4) switch
    {
        0 => new(EntityId()) { Absent = true },
        1 => new(EntityId()) { Revision = random.Next(1, 3) },
        2 => new(EntityId()) { Attribute = Pick(Names), Equal = random.Next(2) == 0 ? default(AttributeValue?) : Value() },
        _ => new(EntityId()) { UnmodifiedSince = DifferentialTests.Start.AddMilliseconds(random.Next(200)) },
    };

    private EntityFilter.Compare Compare()
    {
        var name = Pick([.. Names, .. Names, "@key", "@created", "@modified", "unknown"]);
        var comparison = (Comparison)random.Next(9);
        return comparison switch
        {
            Comparison.In => new(name, comparison, [.. Enumerable.Range(0, random.Next(5) == 0 ? 300 : random.Next(4)).Select(i => i > 3 ? i / 7.0 : Operand(name))]),
            Comparison.Like or Comparison.LikeIgnoreCase => new(name, comparison, Pick(Patterns)),
            _ => new(name, comparison, Operand(name)),
        };
    }

    private AttributeValue Operand(string name) => random.Next(2) == 0 ? Value()
        : name == "@key" ? Pick(Keys)
        : name[0] == '@' ? (DifferentialTests.Start.AddMilliseconds(random.Next(200)) - DateTimeOffset.UnixEpoch).TotalMilliseconds
        : Value();

    private IEnumerable<EntityFilter> Filters(int depth) => Enumerable.Range(0, random.Next(4)).Select(_ => Filter(depth - 1));

    private AttributeValue Value() => random.Next(2) == 0 ? Pick(Numbers) : Pick(Texts);

    private MetricPoint Point() => new(Pick(Names), random.Next(-1, 4), DifferentialTests.Start.AddTicks(random.Next(3) * 7000), Pick(Numbers));

    private Dictionary<string, AttributeValue> Attributes() => Enumerable.Range(0, random.Next(4)).Select(_ => Pick(Names)).Distinct().ToDictionary(name => name, _ => Value());

    private EntityBody Body()
    {
        var bytes = new byte[random.Next(5)];
        random.NextBytes(bytes);
        return new(random.Next(1, 4), bytes);
    }

    private Guid Id()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private T Pick<T>(params T[] items) => items[random.Next(items.Length)];
}
