namespace Mlops.Sdk.Metadata;

/// <summary>Draws random changesets and queries over a small world, so that they meet often.</summary>
internal sealed class ModelScript(Random random, Model model)
{
    private static readonly string[] Kinds = ["run", "model"];
    private static readonly string[] Keys = ["a", "A", "é", "e\u0301", "😀", "a/1", "%", "_"];
    private static readonly string[] Names = ["v", "w", "V", "loss", "😀"];
    private static readonly string[] Metrics = ["loss", "v"];
    private static readonly string[] Relations = ["uses", "made-by"];

    private static readonly AttributeValue[] Values =
        [0, 1, -1, 0.5, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, "", "a", "A", "ab", "é", "😀", "\uFFFD", "100%", "a_b", "NaN", "1"];

    private static readonly AttributeValue[] Patterns = ["%", "_", "a%", "%b", "A_", "", "%0%%", "a_b", 1];

    public Changeset Changeset()
    {
        var changes = new List<Change>();
        for (var count = random.Next(1, 6); changes.Count < count;)
        {
            changes.Add(Change(changes));
        }

        return new(MlopsId.New(), "ada", changes);
    }

    public EntityQuery Query() => new(Pick(Kinds))
    {
        Workspace = Workspace(),
        Filter = random.Next(4) == 0 ? null : Filter(random.Next(4)),
        Order = random.Next(5) switch
        {
            0 => [],
            1 => [new(Pick(["@key", "@created", "@modified"]), random.Next(2) == 0)],
            _ => [new(Pick(Names), random.Next(2) == 0)],
        },
        Limit = Pick([1, 2, 3, 100]),
    };

    public EntityFilter Filter(int depth)
    {
        switch (depth == 0 ? random.Next(4, 8) : random.Next(8))
        {
            case 0:
                return new EntityFilter.All([.. Enumerable.Range(0, random.Next(4)).Select(_ => Filter(depth - 1))]);
            case 1:
                return new EntityFilter.Any([.. Enumerable.Range(0, random.Next(4)).Select(_ => Filter(depth - 1))]);
            case 2:
                return new EntityFilter.Not(Filter(depth - 1));
            case 3:
                return new EntityFilter.Linked(Pick(Relations), random.Next(2) == 0 ? LinkDirection.In : LinkDirection.Out, Filter(depth - 1));
            case 4:
                return new EntityFilter.Present(Pick(Names));
            case 5:
                return new EntityFilter.Compare("@key", Pick(Enum.GetValues<Comparison>()), Pick(Keys));
            case 6 when model.Items.Count > 0:
                // Half a microsecond beside a time of the store's clock, so that rounding of the last digit does not matter.
                var item = Pick([.. model.Items]);
                var time = ((random.Next(2) == 0 ? item.Created : item.Modified) - DateTimeOffset.UnixEpoch).TotalMicroseconds + (random.Next(2) == 0 ? 0.5 : -0.5);
                return new EntityFilter.Compare(Pick(["@created", "@modified"]), Pick([Comparison.Less, Comparison.LessOrEqual, Comparison.Greater, Comparison.GreaterOrEqual]), time / 1000);
            default:
                var comparison = Pick(Enum.GetValues<Comparison>());
                return comparison switch
                {
                    Comparison.In => new EntityFilter.Compare(Pick(Names), comparison, [.. Enumerable.Range(0, random.Next(4)).Select(_ => Pick(Values))]),
                    Comparison.Like or Comparison.LikeIgnoreCase => new EntityFilter.Compare(Pick(Names), comparison, Pick(Patterns)),
                    _ => new EntityFilter.Compare(Pick(Names), comparison, Pick(Values)),
                };
        }
    }

    public EntityId Id(List<Change>? before = null)
    {
        var numbered = before?.FindIndex(c => c is Change.CreateNumbered) ?? -1;
        return numbered >= 0 && random.Next(4) == 0 ? EntityId.CreatedBy(numbered)
            : model.Items.Count > 0 && random.Next(10) > 1 ? Pick([.. model.Items]).Id
            : new(Pick(Kinds), Pick(Keys), Workspace());
    }

    private Change Change(List<Change> before)
    {
        var id = Id(before);
        var revision = (model[id]?.Revision ?? 1) + (random.Next(8) == 0 ? 1 : 0);
        switch (random.Next(20))
        {
            case 0 or 1 or 2:
                return new Change.Create(new(Pick(Kinds), Pick(Keys), Workspace()), Body()) { Attributes = Attributes() };
            case 3:
                return new Change.CreateNumbered(Pick(Kinds), new("model", $"n{random.Next(2)}", Workspace()), Body()) { Attributes = Attributes() };
            case 4 or 5:
                return new Change.Put(id, revision, Body()) { Attributes = Attributes() };
            case 6:
                return new Change.Delete(id, revision);
            case 7 or 8:
                return new Change.Set(id, Pick(Names), random.Next(4) == 0 ? default(AttributeValue?) : Pick(Values));
            case 9:
                return new Change.SetOnce(id, Pick(Names), Pick(Values));
            case 10:
                return new Change.Touch(id);
            case 11 or 12 or 13:
                return new Change.Append(id, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Point())]);
            case 14 or 15:
                return new Change.Connect(new(id, Pick(Relations), Id(before)));
            case 16:
                return new Change.Disconnect(model.Links.Count > 0 ? Pick([.. model.Links]) : new(id, Pick(Relations), id));
            case 17:
                return new Change.Note(id, Pick(Relations));
            default:
                return Require(id);
        }
    }

    private Change.Require Require(EntityId id)
    {
        var item = model[id];
        return item is null
            ? new(id) { Absent = random.Next(4) > 0 }
            : random.Next(4) switch
            {
                0 => new(id) { Revision = item.Revision + (random.Next(4) == 0 ? 1 : 0) },
                1 => new(id) { UnmodifiedSince = item.Modified.AddMicroseconds(random.Next(-1, 2)) },
                2 => Pick(Names) is var name && random.Next(3) > 0 ? new(id) { Attribute = name, Equal = item.Value(name) } : new(id) { Attribute = "w", Equal = Pick(Values) },
                _ => new(id),
            };
    }

    private MetricPoint Point() => new(
        Pick(Metrics),
        random.Next(-1, 3),
        DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next(2)),
        Pick([1.0, 2.5, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity]));

    private EntityBody Body()
    {
        var bytes = new byte[random.Next(5)];
        random.NextBytes(bytes);
        return new(random.Next(1, 4), bytes);
    }

    private Dictionary<string, AttributeValue> Attributes()
    {
        var attributes = new Dictionary<string, AttributeValue>();
        for (var count = random.Next(3); count > 0; count--)
        {
            attributes[Pick(Names)] = Pick(Values);
        }

        return attributes;
    }

    private string Workspace() => random.Next(6) == 0 ? "other" : EntityId.DefaultWorkspace;

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}
