using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class LineageWalkTests
{
    private static readonly int Scale = int.Parse(Environment.GetEnvironmentVariable("MLOPS_TEST_SCALE") ?? "1", CultureInfo.InvariantCulture);
    private static readonly string[] Kinds = ["run", "dataset", "artifact", "pipeline-run", "step-attempt", "model-version", "alias", "experiment"];
    private static readonly string[] Relations = ["artifact", "input.training", "parent", "part-of", "used", "produced", "cached-from", "resumes", "package", "made-by", "version", "experiment", "other"];
    private readonly InMemoryMetadataStore store = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MetadataLineage Lineage => new MetadataLineage(store, Options.Create(new MlopsOptions()));

    [Fact]
    public void A_walk_finds_what_the_closure_of_a_random_graph_has_and_nothing_else()
    {
        // Few entities and many links, so that cycles, diamonds and self-links are common. Dataset 0 and artifact 0 share a digest, and so on.
        var link = Gen.Select(Gen.Int[0, Kinds.Length - 1], Gen.Int[0, 3], Gen.Int[0, Relations.Length - 1], Gen.Int[0, Kinds.Length - 1], Gen.Int[0, 3]);
        Gen.Select(link.Array[0, 80], Gen.Int[0, Kinds.Length - 1], Gen.Bool).Sample(
            (drawn, start, upstream) =>
            {
                var links = drawn.Select(l => new Link(Id(Kinds[l.Item1], l.Item2), Relations[l.Item3], Id(Kinds[l.Item4], l.Item5))).Distinct().ToList();
                var graph = new InMemoryMetadataStore();
                CommitAsync(graph, [.. Kinds.SelectMany(k => Enumerable.Range(0, 4).Select(i => Id(k, i)))], links).GetAwaiter().GetResult();
                var lineage = new MetadataLineage(graph, Options.Create(new MlopsOptions()));
                var root = Id(Kinds[start], 0);

                var found = (upstream ? lineage.UpstreamAsync(root) : lineage.DownstreamAsync(root)).GetAwaiter().GetResult();

                var closure = Closure(root, links, upstream);
                return found.IsComplete && found.Nodes.Select(n => n.Id).ToHashSet().SetEquals(closure)
                    && found.Nodes.DistinctBy(n => n.Id).Count() == found.Nodes.Count
                    && found.Edges.Where(e => e.Relation != LineageEdge.SameContent).ToHashSet()
                        .SetEquals(links.Select(Flow).OfType<LineageEdge>().Where(e => closure.Contains(e.From) && closure.Contains(e.To)));
            },
            iter: 200 * Scale);
    }

    [Fact]
    public async Task Ten_thousand_readers_of_one_data_set_are_all_found_over_many_pages()
    {
        var dataset = await FanAsync(10_000);

        var all = await Lineage.WhatUsedDatasetAsync(Digest.Parse(dataset.Key), new() { MaxNodes = 20_000 }, Token);

        all.IsComplete.Should().BeTrue();
        all.OfKind("run").Should().HaveCount(10_000);
        all.Edges.Should().HaveCount(10_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1500)]
    [InlineData(10_000)]
    public async Task A_bound_on_nodes_is_kept_and_the_answer_says_where_it_stopped(int most)
    {
        var dataset = await FanAsync(10_000);

        var part = await Lineage.DownstreamAsync(dataset, new() { MaxNodes = most }, Token);

        part.Nodes.Should().HaveCount(most);
        part.IsComplete.Should().BeFalse();
        part.Open.Should().Contain(dataset);
        part.Edges.Should().HaveCount(most - 1);
    }

    [Fact]
    public async Task A_bound_on_depth_stops_a_chain_and_the_answer_can_be_continued_there()
    {
        var runs = Enumerable.Range(0, 10).Select(i => Id("pipeline-run", i)).ToList();
        await CommitAsync(store, runs, [.. runs.Zip(runs.Skip(1), (origin, next) => new Link(next, "resumes", origin))]);

        var near = await Lineage.DownstreamAsync(runs[0], new() { MaxDepth = 3 }, Token);
        var far = await Lineage.DownstreamAsync(near.Open.Single(), cancellationToken: Token);

        near.Nodes.Select(n => (n.Id, n.Depth)).Should().Equal(runs.Take(4).Select((run, i) => (run, i)));
        near.Open.Should().Equal(runs[3]);
        far.IsComplete.Should().BeTrue();
        far.Nodes.Select(n => n.Id).Should().Equal(runs.Skip(3));
    }

    [Fact]
    public async Task A_cycle_ends_where_it_began()
    {
        var (a, b) = (Id("pipeline-run", 1), Id("pipeline-run", 2));
        await CommitAsync(store, [a, b], [new(a, "resumes", b), new(b, "resumes", a), new(a, "resumes", a)]);

        var graph = await Lineage.UpstreamAsync(a, cancellationToken: Token);

        graph.IsComplete.Should().BeTrue();
        graph.Nodes.Select(n => n.Id).Should().Equal(a, b);
        graph.Edges.Should().HaveCount(3);
    }

    [Fact]
    public async Task What_was_deleted_for_good_is_left_out_and_a_record_that_cannot_be_read_shows_its_key()
    {
        var (run, dataset, version) = (Id("run", 0), Id("dataset", 0), Id("model-version", 0));
        await CommitAsync(store, [run, dataset, version], [new(run, "input.test", dataset), new(version, "made-by", run)]);

        (await Lineage.UpstreamAsync(version, cancellationToken: Token)).Nodes.Select(n => n.Label).Should().Equal("m/0", "0", dataset.Key);
        await store.CommitAsync(new(MlopsId.New(), "t", [new Change.Delete(dataset, 1)]), Token);
        (await Lineage.UpstreamAsync(version, cancellationToken: Token)).Nodes.Select(n => n.Id).Should().Equal(version, run);
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_the_remedy()
    {
        var unknown = () => Lineage.WhatMadeVersionAsync("delay", 7, cancellationToken: Token);
        (await unknown.Should().ThrowAsync<NotFoundException>()).Which.Message.Should().Contain("model-version/delay/7").And.Contain("workspace");
        var noDepth = () => Lineage.UpstreamAsync(Id("run", 0), new() { MaxDepth = 0 }, Token);
        await noDepth.Should().ThrowAsync<ArgumentOutOfRangeException>();
        var path = () => Lineage.WhatMadeVersionAsync("../delay", 7, cancellationToken: Token);
        await path.Should().ThrowAsync<ArgumentException>();
    }

    /// <summary>The flow of each relation, written down a second time.</summary>
    private static LineageEdge? Flow(Link link) => (link.From.Kind, link.Relation, link.To.Kind) switch
    {
        ("run", "artifact", "artifact") or ("run", "parent", "run") or ("step-attempt", "part-of", "pipeline-run") or ("step-attempt", "produced", "artifact") => new(link.From, link.Relation, link.To),
        ("run" or "model-version", "input.training", "dataset") or ("step-attempt", "used", "artifact") or ("step-attempt", "cached-from", "step-attempt") or ("pipeline-run", "resumes", "pipeline-run")
            or ("model-version", "package", "artifact") or ("model-version", "made-by", _) or ("alias", "version", "model-version") => new(link.To, link.Relation, link.From),
        _ => null,
    };

    private static HashSet<EntityId> Closure(EntityId root, List<Link> links, bool upstream)
    {
        var edges = links.Select(Flow).OfType<LineageEdge>().Select(e => upstream ? (Near: e.To, Far: e.From) : (Near: e.From, Far: e.To)).ToList();
        HashSet<EntityId> reached = [root];
        int before;
        do
        {
            before = reached.Count;
            reached.UnionWith(edges.Where(e => reached.Contains(e.Near)).Select(e => e.Far));
            reached.UnionWith(reached.Where(id => id.Kind is "artifact" or "dataset").Select(id => id with { Kind = id.Kind == "artifact" ? "dataset" : "artifact" }).ToList());
        }
        while (reached.Count > before);
        return reached;
    }

    private async Task<EntityId> FanAsync(int readers)
    {
        var dataset = Id("dataset", 0);
        var runs = Enumerable.Range(0, readers).Select(i => Id("run", i)).ToList();
        await CommitAsync(store, [dataset, .. runs], [.. runs.Select(run => new Link(run, "input.training", dataset))]);
        return dataset;
    }

    private static EntityId Id(string kind, int i) => new(kind, kind switch
    {
        "artifact" or "dataset" => Digest.Of([(byte)i]).ToString(),
        "model-version" or "alias" => string.Create(CultureInfo.InvariantCulture, $"m/{i}"),
        _ => i.ToString(CultureInfo.InvariantCulture),
    });

    private static async Task CommitAsync(InMemoryMetadataStore store, IReadOnlyList<EntityId> entities, IReadOnlyList<Link> links)
    {
        Change[] changes = [.. entities.Select(id => new Change.Create(id, new(1, "?"u8.ToArray()))), .. links.Select(link => new Change.Connect(link))];
        (await store.CommitAsync(new(MlopsId.New(), "t", changes), Token)).Committed.Should().BeTrue();
    }
}
