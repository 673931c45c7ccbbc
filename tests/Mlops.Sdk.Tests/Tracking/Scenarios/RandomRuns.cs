using System.Globalization;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Tracking.Scenarios;

/// <summary>Random runs, and random filters over them; small enough for everything to meet everything.</summary>
public sealed class RandomRuns(Random random)
{
    private static readonly string[] Texts = ["a", "A", "ab", "aB", "b%", "6", "it's", "", "x\"y", "null"];
    private static readonly string[] Patterns = ["a%", "A_", "%b%", "%", "_", "it'%", "6", "%%", "b\\%"];
    private static readonly double[] Numbers = [-1, 0, 0.5, 1, 6, 1e10, double.NaN, double.PositiveInfinity, double.NegativeInfinity];
    private static readonly string[] States = ["running", "finished", "failed"];
    private static readonly string[] Roles = ["training", "validation", "test"];

    public SaidRun Run(int i) => new(
        $"r{i}",
        random.Next(3) == 0 ? null : Pick(Texts),
        Pick(States),
        Some("p", () => random.Next(2) == 0 ? Pick(Texts) : (object)Pick(Numbers)),
        Some("t", () => Pick(Texts)),
        Some("m", () => Pick(Numbers)),
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => (Pick("flights", "weather"), Pick(Roles))).Distinct()]);

    /// <summary>The run as tracking stores it; the data sets exist.</summary>
    public static IEnumerable<Change> Changes(SaidRun run, string workspace)
    {
        var attributes = run.Params.ToDictionary(p => "param." + p.Key, p => p.Value is double number ? new AttributeValue(number) : new AttributeValue((string)p.Value));
        run.Tags.ToList().ForEach(tag => attributes["tag." + tag.Key] = tag.Value);
        run.Metrics.ToList().ForEach(metric => attributes["metric." + metric.Key] = metric.Value);
        attributes["state"] = run.State;
        if (run.Name is not null)
        {
            attributes["name"] = run.Name;
        }

        yield return new Change.Create(new("run", run.Id, workspace), new(1, default(ReadOnlyMemory<byte>))) { Attributes = attributes };
        foreach (var (name, role) in run.Datasets)
        {
            yield return new Change.Connect(new(new("run", run.Id, workspace), "input." + role, Dataset(name, workspace)));
        }
    }

    public static IEnumerable<Change> Datasets(string workspace) => ((string[])["flights", "weather"]).Select(name => new Change.Create(Dataset(name, workspace), new(1, default(ReadOnlyMemory<byte>))) { Attributes = new Dictionary<string, AttributeValue> { ["name"] = name } });

    private static EntityId Dataset(string name, string workspace) => new("dataset", Digest.Of(System.Text.Encoding.UTF8.GetBytes(name)).ToString(), workspace);

    public SaidFilter Filter(int depth) => random.Next(depth <= 0 ? 3 : 7) switch
    {
        3 or 4 => new SaidFilter.And([.. Filters(depth)]),
        5 => new SaidFilter.Or([.. Filters(depth)]),
        6 => new SaidFilter.Not(Filter(depth - 1)),
        _ => Compare(),
    };

    private IEnumerable<SaidFilter> Filters(int depth) => Enumerable.Range(0, random.Next(2, 4)).Select(_ => Filter(depth - 1));

    private SaidFilter Compare()
    {
        var i = random.Next(3);
        switch (random.Next(7))
        {
            case 0:
                return Number($"metrics.m{i}|metric.m{i}|metrics.`m{i}`", run => One(run.Metrics, $"m{i}"));
            case 1 or 2:
                return random.Next(2) == 0 ? Number($"params.p{i}|param.\"p{i}\"|parameters.p{i}", run => One(run.Params, $"p{i}")) : Text($"params.p{i}|parameter.p{i}", run => One(run.Params, $"p{i}"), quotedNumbers: true);
            case 3:
                return Text($"tags.t{i}|tag.t{i}|tags.\"t{i}\"", run => One(run.Tags, $"t{i}"));
            case 4:
                return Text("name|attributes.run_name|`run name`|\"Run Name\"|run.name", run => run.Name is null ? [] : [run.Name]);
            case 5:
                return random.Next(2) == 0
                    ? State(Pick("FINISHED", "Running", "failed"))
                    : Text("run_id|id", run => [run.Id], among: ["r1", "r2", "R1", "r9"]);
            default:
                return random.Next(2) == 0
                    ? Text("datasets.name|dataset.name", run => run.Datasets.Select(dataset => dataset.Name), among: ["flights", "weather", "x"], ordered: false)
                    : Text("datasets.context|dataset.role", run => run.Datasets.Select(dataset => dataset.Role), among: [.. Roles, "x"], ordered: false);
        }
    }

    private SaidFilter.Compare State(string state) => new("status|attr.state", "=", Quote(state), run => [run.State], value => string.Equals((string)value, state, StringComparison.OrdinalIgnoreCase));

    private SaidFilter Number(string names, Func<SaidRun, IEnumerable<object>> values)
    {
        var right = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(Numbers)).ToList();
        var first = right[0];
        bool Equal(object value, double number) => value is double actual && actual.Equals(number);
        return random.Next(9) switch
        {
            0 => new SaidFilter.Missing(names.Split('|')[0], values),
            1 => new SaidFilter.Compare(names, "in", List(right.Select(Literal)), values, value => right.Any(number => Equal(value, number))),
            2 => new SaidFilter.Compare(names, "not in", List(right.Select(Literal)), values, value => !right.Any(number => Equal(value, number))),
            3 => new SaidFilter.Compare(names, Pick("!=", "<>"), Literal(first), values, value => !Equal(value, first)),
            4 => new SaidFilter.Compare(names, "<", Literal(first), values, value => value is double actual && actual < first),
            5 => new SaidFilter.Compare(names, ">", Literal(first), values, value => value is double actual && actual > first),
            6 => new SaidFilter.Compare(names, "<=", Literal(first), values, value => (value is double actual && actual <= first) || Equal(value, first)),
            7 => new SaidFilter.Compare(names, ">=", Literal(first), values, value => (value is double actual && actual >= first) || Equal(value, first)),
            _ => new SaidFilter.Compare(names, Pick("=", "=="), Literal(first), values, value => Equal(value, first)),
        };
    }

    private SaidFilter Text(string names, Func<SaidRun, IEnumerable<object>> values, string[]? among = null, bool quotedNumbers = false, bool ordered = true)
    {
        var right = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pick(among ?? Texts)).ToList();
        var (first, pattern) = (right[0], Pick(among ?? Patterns));
        bool Equal(object value, string text) => value is string actual ? actual == text : quotedNumbers && text == "6" && value is 6.0;
        int? Order(object value) => value is string actual ? string.CompareOrdinal(actual, first) : null;
        return random.Next(ordered ? 11 : 8) switch
        {
            0 => new SaidFilter.Missing(names.Split('|')[0], values),
            1 => new SaidFilter.Compare(names, "in", List(right.Select(Quote)), values, value => right.Any(text => Equal(value, text))),
            2 => new SaidFilter.Compare(names, "not in", List(right.Select(Quote)), values, value => !right.Any(text => Equal(value, text))),
            3 => new SaidFilter.Compare(names, Pick("!=", "<>"), Quote(first), values, value => !Equal(value, first)),
            4 => new SaidFilter.Compare(names, "like", Quote(pattern), values, value => value is string actual && SaidFilter.Like(actual, pattern, ignoreCase: false)),
            5 => new SaidFilter.Compare(names, "not like", Quote(pattern), values, value => !(value is string actual && SaidFilter.Like(actual, pattern, ignoreCase: false))),
            6 => new SaidFilter.Compare(names, "ilike", Quote(pattern), values, value => value is string actual && SaidFilter.Like(actual, pattern, ignoreCase: true)),
            8 => new SaidFilter.Compare(names, "<", Quote(first), values, value => Order(value) < 0),
            9 => new SaidFilter.Compare(names, ">=", Quote(first), values, value => Order(value) >= 0),
            10 => new SaidFilter.Compare(names, ">", Quote(first), values, value => Order(value) > 0),
            _ => new SaidFilter.Compare(names, Pick("=", "=="), Quote(first), values, value => Equal(value, first)),
        };
    }

    private string Literal(double number) => double.IsNaN(number) ? "NaN" : double.IsInfinity(number) ? (number > 0 ? "inf" : "-Infinity") : number.ToString(random.Next(2) == 0 ? "R" : "E16", CultureInfo.InvariantCulture);

    private string Quote(string text) => random.Next(2) == 0 ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string List(IEnumerable<string> values) => $"({string.Join(Pick(",", ", "), values)})";

    private static IEnumerable<object> One<T>(IReadOnlyDictionary<string, T> values, string name) where T : notnull => values.TryGetValue(name, out var value) ? [value] : [];

    private Dictionary<string, T> Some<T>(string prefix, Func<T> value) => Enumerable.Range(0, 3).Where(_ => random.Next(3) > 0).ToDictionary(i => $"{prefix}{i}", _ => value());

    private T Pick<T>(params T[] items) => items[random.Next(items.Length)];
}
