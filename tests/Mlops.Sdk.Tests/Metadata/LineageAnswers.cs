using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Metadata;

/// <summary>The answers about a real flow, in every form.</summary>
public abstract class LineageAnswers : IAsyncLifetime
{
    private LineageWorld world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract void Use(MlopsBuilder mlops);

    public async ValueTask InitializeAsync() => world = await LineageWorld.CreateAsync(Use);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await world.DisposeAsync();
    }

    [Fact]
    public async Task A_version_of_a_pipeline_run_that_was_answered_from_the_cache_leads_to_the_raw_data()
    {
        var graph = await world.Lineage.WhatMadeVersionAsync("late", 1, cancellationToken: Token);

        graph.IsComplete.Should().BeTrue();
        graph.OfKind("pipeline-run").Select(n => n.Id.Key).Should().Equal([world.Second], "it names the second run, and the first one's steps, not its run, made the data");
        graph.OfKind("step-attempt").Select(n => (n.Job, n.State)).Should().BeEquivalentTo([("prepare", "cached"), ("fit", "cached"), ("prepare", "finished"), ("fit", "finished")]);
        graph.Data().Select(n => (n.Id.Kind, n.Digest)).Should().BeEquivalentTo([("dataset", world.Features.Digest), ("artifact", world.Raw.Digest)]);
        graph.OfKind("artifact").Should().Contain(n => n.Digest == world.Report.Digest);
        graph.OfKind("dataset").Single().Label.Should().StartWith("late features ");
    }

    [Fact]
    public async Task A_version_of_a_tracked_run_leads_to_its_data_set_and_from_there_to_the_step_that_made_it()
    {
        var graph = await world.Lineage.WhatMadeVersionAsync("late", 2, cancellationToken: Token);

        graph.OfKind("run").Select(n => n.Id.Key).Should().Equal(world.Tracked);
        graph.Edges.Should().Contain(new LineageEdge(new("dataset", world.Features.Digest.ToString()), "input.training", new("run", world.Tracked)));
        graph.OfKind("step-attempt").Select(n => n.Job).Should().Contain("prepare");
        graph.Data().Select(n => n.Digest).Should().BeEquivalentTo([world.Features.Digest, world.Raw.Digest]);
    }

    [Fact]
    public async Task A_data_set_leads_to_the_runs_that_read_it_the_versions_and_the_alias()
    {
        var graph = await world.Lineage.WhatUsedDatasetAsync(world.Features.Digest, cancellationToken: Token);

        graph.OfKind("run").Select(n => n.Id.Key).Should().BeEquivalentTo(world.Tracked, world.Study);
        graph.OfKind("pipeline-run").Select(n => n.Id.Key).Should().BeEquivalentTo(world.First, world.Second);
        graph.OfKind("model-version").Select(n => n.Label).Should().BeEquivalentTo("late 1", "late 2");
        graph.OfKind("alias").Single().Label.Should().Be("late @champion");
        graph.Nodes.Should().NotContain(n => n.Digest == world.Raw.Digest || n.Job == "prepare");
        (await world.Lineage.WhatUsedDatasetAsync(world.Features.Digest, new() { MaxDepth = 1 }, Token)).OfKind("run").Select(n => n.Id.Key).Should().Equal(world.Tracked);
    }

    [Fact]
    public async Task Everything_is_downstream_of_the_raw_artifact_and_nothing_but_its_version_of_the_gate_report()
    {
        var raw = await world.Lineage.WhatCameOfArtifactAsync(world.Raw.Digest, cancellationToken: Token);
        var report = await world.Lineage.WhatCameOfArtifactAsync(world.Report.Digest, cancellationToken: Token);

        raw.Nodes.Select(n => n.Digest).Should().Contain([world.Raw.Digest, world.Features.Digest, world.Package]);
        raw.Nodes.Select(n => n.Id.Kind).Should().Contain(["step-attempt", "pipeline-run", "run", "dataset", "model-version", "alias"]);
        report.Nodes.Select(n => n.Label).Skip(1).Should().Equal("late 1");
    }

    [Fact]
    public async Task A_run_that_was_deleted_is_shown_as_deleted()
    {
        await world.Metadata.CommitAsync(new(MlopsId.New(), "t", [new Change.Set(new("run", world.Tracked), "deleted", 1)]), Token);

        var graph = await world.Lineage.WhatMadeVersionAsync("late", 2, cancellationToken: Token);

        graph.OfKind("run").Single().IsDeleted.Should().BeTrue();
        graph.ToMermaid().Should().Contain("<br/>deleted");
    }

    [Fact]
    public async Task OpenLineage_events_have_the_structure_of_the_specification_and_tell_the_same_story()
    {
        var graph = await world.Lineage.WhatMadeVersionAsync("late", 1, cancellationToken: Token);

        var events = graph.ToOpenLineage().Select(e => JsonDocument.Parse(e).RootElement).ToList();

        events.ForEach(OpenLineageSchema.Validate);
        graph.ToOpenLineage().Should().Equal(graph.ToOpenLineage());
        events.Select(e => e.GetProperty("eventTime").GetDateTimeOffset()).Should().BeInAscendingOrder();
        var complete = events.Where(e => e.GetProperty("eventType").GetString() == "COMPLETE").ToLookup(e => e.GetProperty("job").GetProperty("name").GetString());
        Names(complete["TrainLate"].Single(), "inputs").Should().Equal(world.Raw.Digest.ToString());
        Names(complete["TrainLate"].Single(), "outputs").Should().Contain([world.Package.ToString(), "model/late"]);
        Names(complete["TrainLate.prepare"].Single(), "outputs").Should().Equal([world.Features.Digest.ToString()], "a step from the cache read and wrote what its origin did");
        Names(complete["register.late"].Single(), "inputs").Should().BeEquivalentTo(world.Package.ToString(), world.Report.Digest.ToString(), world.Features.Digest.ToString());
        complete["TrainLate.prepare"].Single().GetProperty("run").GetProperty("facets").GetProperty("parent").GetProperty("run").GetProperty("runId").GetString()
            .Should().Be(complete["TrainLate"].Single().GetProperty("run").GetProperty("runId").GetString());
        events.GroupBy(e => e.GetProperty("run").GetProperty("runId").GetString()).Should().AllSatisfy(run => run.Select(e => e.GetProperty("eventType").GetString()).Should().Equal("START", "COMPLETE"));
    }

    [Fact]
    public async Task A_tracked_run_keeps_its_id_and_a_namespace_and_a_producer_can_be_named()
    {
        var graph = await world.Lineage.WhatMadeVersionAsync("late", 2, cancellationToken: Token);

        var run = graph.ToOpenLineage(new() { Namespace = "team", Producer = new("https://example.com/service") }).Select(e => JsonDocument.Parse(e).RootElement)
            .Single(e => e.GetProperty("job").GetProperty("name").GetString() == "flights" && e.GetProperty("eventType").GetString() == "COMPLETE");

        OpenLineageSchema.Validate(run);
        run.GetProperty("run").GetProperty("runId").GetGuid().ToString("N").Should().Be(world.Tracked);
        run.GetProperty("job").GetProperty("namespace").GetString().Should().Be("team");
        run.GetProperty("producer").GetString().Should().Be("https://example.com/service");
        Names(run, "inputs").Should().Equal(world.Features.Digest.ToString());
        Names(run, "outputs").Should().Equal("model/late");
    }

    private static List<string?> Names(JsonElement runEvent, string side) => [.. runEvent.GetProperty(side).EnumerateArray().Select(d => d.GetProperty("name").GetString())];
}
