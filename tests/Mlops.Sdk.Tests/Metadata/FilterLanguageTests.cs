using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;
using static Mlops.Sdk.Tracking.RunFilter;

namespace Mlops.Sdk.Tests.Metadata;

/// <summary>Each text of the language beside the same thing in the typed builder.</summary>
public sealed class FilterLanguageTests
{
    private static readonly EntityFilter A = Metric("a") > 1, B = Metric("b") > 1, C = Metric("c") > 1;

    public static TheoryData<string, EntityFilter> Conditions { get; } = new()
    {
        { "metrics.auc > 0.8", Metric("auc") > 0.8 },
        { "metric.auc>0.8", Metric("auc") > 0.8 },
        { "metrics.auc >= -1.5e-3", Metric("auc") >= -0.0015 },
        { "metrics.auc < +.5", Metric("auc") < 0.5 },
        { "metrics.auc <= 7.", Metric("auc") <= 7 },
        { "metrics.auc = 1E2", Metric("auc") == 100 },
        { "metrics.auc == 1", Metric("auc") == 1 },
        { "metrics.auc != 1", Metric("auc") != 1 },
        { "metrics.auc <> 1", Metric("auc") != 1 },
        { "metrics.loss = NaN", Metric("loss").In(double.NaN) },
        { "metrics.loss > -Infinity", Metric("loss") > double.NegativeInfinity },
        { "metrics.loss < inf", Metric("loss") < double.PositiveInfinity },
        { "metrics.auc in (1, 2)", Metric("auc").In(1, 2) },
        { "metrics.auc NOT IN (1)", Metric("auc").NotIn(1) },
        { "params.depth > 6", Param("depth") > 6 },
        { "param.trainer = 'LightGbm'", Param("trainer") == "LightGbm" },
        { "parameter.trainer = \"LightGbm\"", Param("trainer") == "LightGbm" },
        { "parameters.trainer <> 'LightGbm'", Param("trainer") != "LightGbm" },
        { "params.depth = '6'", Param("depth") == "6" },
        { "params.depth in ('6', 7, 'x')", Param("depth").In("6", 7, "x") },
        { "params.trainer LIKE 'Light%'", Param("trainer").Like("Light%") },
        { "params.trainer not like 'Light%'", Param("trainer").NotLike("Light%") },
        { "params.trainer ilike 'light%'", Param("trainer").LikeIgnoreCase("light%") },
        { "params.trainer is null", !Param("trainer").Exists },
        { "params.trainer IS NOT NULL", Param("trainer").Exists },
        { "tags.team in ('a','b')", Tag("team").In("a", "b") },
        { "tag.team not in ('a')", Tag("team").NotIn("a") },
        { "tags.quote = 'it''s'", Tag("quote") == "it's" },
        { "tags.quote = \"say \"\"hi\"\"\"", Tag("quote") == "say \"hi\"" },
        { "tags.quote = ''", Tag("quote") == "" },
        { "tags.`my tag` = 'x'", Tag("my tag") == "x" },
        { "tags.\"my tag\" = 'x'", Tag("my tag") == "x" },
        { "tags.`a``b` = 'x'", Tag("a`b") == "x" },
        { "tags.mlflow.source.name = 'x'", Tag("mlflow.source.name") == "x" },
        { "tags.a/b-c:d_1 = 'x'", Tag("a/b-c:d_1") == "x" },
        { "tags.größe = 'x'", Tag("größe") == "x" },
        { "tags.2026-run = 'x'", Tag("2026-run") == "x" },
        { "tags.and = 'and'", Tag("and") == "and" },
        { "attributes.run_id = 'r'", Id == "r" },
        { "run.run_name like 'n%'", Name.Like("n%") },
        { "`run name` = 'n'", Name == "n" },
        { "attr.`Run Name` = 'n'", Name == "n" },
        { "status = 'FINISHED'", State == RunState.Finished },
        { "attribute.status != 'KILLED'", State != RunState.Canceled },
        { "state in ('running', 'Failed')", State.In(RunState.Running, RunState.Failed) },
        { "experiment = 'e'", RunFilter.Experiment == "e" },
        { "user_id = 'ada'", Actor == "ada" },
        { "created >= '2026-03-01'", Started >= new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) },
        { "start_time > '2026-03-01T12:30:00+02:00'", Started > new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero) },
        { "end_time < '2026-03-01 12:30:00.25Z'", Ended < new DateTimeOffset(2026, 3, 1, 12, 30, 0, 250, TimeSpan.Zero) },
        { "end_time <= 1000", Ended <= DateTimeOffset.UnixEpoch.AddSeconds(1) },
        { "datasets.name = 'flights'", DatasetName == "flights" },
        { $"dataset.digest = '{Digest.Of([])}'", DatasetDigest == Digest.Of([]) },
        { "metrics.a > 1 and metrics.b > 1", A & B },
        { "metrics.a > 1 AND metrics.b > 1 And metrics.c > 1", A & B & C },
        { "metrics.a > 1 or metrics.b > 1 and metrics.c > 1", A | (B & C) },
        { "metrics.a > 1 and metrics.b > 1 or metrics.c > 1", (A & B) | C },
        { "(metrics.a > 1 or metrics.b > 1) and metrics.c > 1", (A | B) & C },
        { "not metrics.a > 1 and metrics.b > 1", !A & B },
        { "not (metrics.a > 1 and metrics.b > 1)", !(A & B) },
        { "NOT NOT metrics.a > 1", A },
        { "not tags.ignored is not null", !Tag("ignored").Exists },
        { "((((metrics.a > 1))))", A },
        { "\n\tmetrics.a\r\n>\t1 ", A },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_text_means_what_the_builder_says(string text, EntityFilter filter)
    {
        var query = RunQuery.Parse(text);
        Describe(query.Filter).Should().Be(Describe(filter));
        query.OrderBy.Should().BeNull();
    }

    [Fact]
    public void The_whole_of_it_reads_like_the_builder()
    {
        var query = RunQuery.Parse("metrics.auc > 0.8 and (params.trainer = 'LightGbm' or tags.team in ('a','b')) and not tags.ignored is not null order by metrics.auc desc");

        Describe(query.Filter).Should().Be(Describe(Metric("auc") > 0.8 & (Param("trainer") == "LightGbm" | Tag("team").In("a", "b")) & !Tag("ignored").Exists));
        query.OrderBy.Should().Be(Metric("auc").Descending);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    public void Nothing_is_no_condition(string text) => RunQuery.Parse(text).Should().Be(new RunQuery());

    [Theory]
    [InlineData("order by metrics.auc", "metric.auc", false)]
    [InlineData("ORDER  BY metrics.`a b` ASC", "metric.a b", false)]
    [InlineData("status = 'FINISHED' order by start_time desc", "@created", true)]
    [InlineData("order by `run name` DESC", "name", true)]
    public void An_order_names_one_field(string text, string attribute, bool descending) => RunQuery.Parse(text).OrderBy.Should().Be(new Order(attribute, descending));

    [Theory]
    [InlineData("model", "name like 'f%' and tags.team = 'a' order by created desc", "@key", "tag.team")]
    [InlineData("model-version", "model = 'm' and version > 3 and version_number <= '9' and approval = 'approved'", "model", "number", "number", "approval")]
    [InlineData("model-version", "run_id = 'r'", "@key")]
    [InlineData("alias", "alias = 'champion' and model = 'm'", "alias", "model")]
    [InlineData("experiment", "name ilike '%a%'", "@key")]
    [InlineData("dataset", "name = 'flights' and digest like 'sha256:%'", "name", "@key")]
    [InlineData("something-else", "loss < 0.8 and owner.team = 'a' and `x y` is null and tags.t = 'a' and @created > '2026-01-01'", "loss", "owner.team", "x y", "tag.t", "@created")]
    public void Every_kind_of_entity_has_its_names(string kind, string text, params string[] attributes)
    {
        var query = EntityQuery.Parse(kind, text);
        query.Kind.Should().Be(kind);
        Attributes(query.Filter!).Should().Equal(attributes);
    }

    [Fact]
    public void A_data_set_is_looked_for_in_every_role()
    {
        Describe(RunQuery.Parse("datasets.context = 'training'").Filter).Should().Be(Describe(new EntityFilter.Linked("input.training", LinkDirection.Out, new EntityFilter.All([]))));
        RunQuery.Parse("datasets.role != 'test'").Filter.Should().BeOfType<EntityFilter.Any>().Which.Of.Cast<EntityFilter.Linked>().Select(linked => linked.Relation).Should().Equal("input.training", "input.validation");
    }

    private static string Describe(EntityFilter? filter) => PageToken.Describe(new EntityQuery("run") { Filter = filter });

    private static IEnumerable<string> Attributes(EntityFilter filter) => filter switch
    {
        EntityFilter.All f => f.Of.SelectMany(Attributes),
        EntityFilter.Not f => Attributes(f.Of),
        EntityFilter.Linked f => Attributes(f.Of),
        EntityFilter.Compare f => [f.Attribute],
        EntityFilter.Present f => [f.Attribute],
        _ => throw new InvalidOperationException($"{filter} is not expected here."),
    };
}
