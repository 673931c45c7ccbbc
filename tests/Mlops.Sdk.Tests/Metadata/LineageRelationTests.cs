using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Metadata;

public sealed partial class LineageRelationTests
{
    /// <summary>What is written in the place of a relation where it is not one constant, and the constants that it stands for.</summary>
    private static readonly Dictionary<string, string[]> Variables = new()
    {
        ["part.Relation"] = ["package", "gate-report", "input."],
        ["relation"] = ["used", "produced"],
        ["InputPrefix + Text(input.Role)"] = ["input."],
    };

    [Fact]
    public async Task Every_link_that_a_host_writes_is_known_and_flows_the_way_that_the_table_says()
    {
        await using var world = await LineageWorld.CreateAsync(mlops => mlops.UseInMemory());
        var links = new List<Link>();
        foreach (var kind in (string[])["experiment", "run", "dataset", "artifact", "pipeline-run", "step-attempt", "step-result", "model", "model-version", "alias", "registration"])
        {
            var entities = await world.Metadata.QueryAsync(new(kind) { Limit = 1000 }, TestContext.Current.CancellationToken);
            links.AddRange((await world.Metadata.LinksAsync(new([.. entities.Items.Select(e => e.Id)], LinkDirection.Out), TestContext.Current.CancellationToken)).Items);
        }

        links.Where(link => LineageRelations.Find(link) is null).Should().BeEmpty("LineageRelations.All says of every relation which way data flows");
        LineageRelations.All.Where(relation => !links.Any(relation.Covers)).Select(relation => relation.Relation).Should().Equal(["resumes"], "only an interrupted run is resumed, and none was");
    }

    [Fact]
    public void Every_relation_in_the_source_is_in_the_table()
    {
        var source = Path.Combine(Root(), "src");
        var written = new List<(string File, string Relation)>();
        foreach (var file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("Conformance", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            var constants = Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.cs").SelectMany(f => Constant().Matches(File.ReadAllText(f))).ToLookup(m => m.Groups[1].Value, m => m.Groups[2].Value);
            foreach (Match match in Connect().Matches(File.ReadAllText(file)))
            {
                var expression = match.Groups[1].Value;
                var values = Variables.GetValueOrDefault(expression) ?? [.. constants[expression.Split('.')[^1]]];
                written.AddRange(values.DefaultIfEmpty($"? {expression}").Select(value => (Path.GetFileName(file), value)));
            }
        }

        written.Should().HaveCountGreaterThan(10);
        written.Where(w => LineageRelations.All.All(r => r.Relation != w.Relation)).Should().BeEmpty("LineageRelations.All says of every relation which way data flows; a link whose relation this test cannot read belongs in Variables");
    }

    [Fact]
    public void Roles_keep_their_words()
    {
        var run = new EntityId("run", "r");
        foreach (var role in Enum.GetValues<DatasetRole>().Select(TrackingEntities.Text))
        {
            var edge = LineageRelations.Edge(new(run, $"input.{role}", new("dataset", "d")))!;
            edge.To.Should().Be(run);
            LineageRelations.Words(edge).Should().Be($"data for {role}");
        }

        LineageRelations.Edge(new(run, "input", new("dataset", "d"))).Should().BeNull();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mlops.Sdk.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside of the repository.");
        }

        return folder;
    }

    /// <summary>The second argument of a link that is written.</summary>
    [GeneratedRegex(@"Change\.Connect\(new(?: Link)?\((?:[^(),]|\([^()]*\))+, ((?:[^(),]|\([^()]*\))+), ")]
    private static partial Regex Connect();

    [GeneratedRegex("const string (\\w+) = \"([^\"]+)\"")]
    private static partial Regex Constant();
}
