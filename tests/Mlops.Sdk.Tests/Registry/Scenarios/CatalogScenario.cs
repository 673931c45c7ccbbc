using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry.Scenarios;

/// <summary>What is said about models and versions, where they come from, and what deleting does.</summary>
public abstract class CatalogScenario : RegistryScenario
{
    [Fact]
    public async Task Models_have_description_owner_and_tags()
    {
        await RegisterAsync(1);
        await Registry.EditModelAsync("delay", new() { Description = "Delays 🚀", Owner = "flights", Tags = new Dictionary<string, string?> { ["a"] = "1", ["b"] = "2" } }, Cancel);
        await Registry.EditModelAsync("delay", new() { Owner = "", Tags = new Dictionary<string, string?> { ["a"] = null, ["c"] = "" } }, Cancel);

        var model = await Registry.GetModelAsync("delay", Cancel);
        model.Should().BeEquivalentTo(new { Name = "delay", Description = "Delays 🚀", Owner = (string?)null, Tags = new Dictionary<string, string> { ["b"] = "2", ["c"] = "" } });
        (await Registry.ListModelsAsync(Cancel).SingleAsync(Cancel)).Should().BeEquivalentTo(model);
        (await Registry.ListEventsAsync("delay", Cancel).Skip(1).Select(e => (e.Type, e.Version, e.Field, e.Tag)).ToListAsync(Cancel)).Should().Equal(
            ("model.edited", null, "description", null), ("model.edited", null, "owner", null), ("model.tagged", null, null, "a"), ("model.tagged", null, null, "b"),
            ("model.edited", null, "owner", null), ("model.tagged", null, null, "a"), ("model.tagged", null, null, "c"));
    }

    [Fact]
    public async Task Versions_have_description_and_owner_from_the_start_and_later()
    {
        var package = (await Host.PackageAsync()).Package;
        var first = await Registry.RegisterAsync(new() { Model = "delay", Package = package, Description = "First.", Owner = "ada" }, Cancel);
        (await Registry.GetVersionAsync("delay", 1, Cancel)).Should().BeEquivalentTo(first).And.BeEquivalentTo(new { Description = "First.", Owner = "ada" });

        await Registry.EditVersionAsync("delay", 1, new() { Description = "Better." }, Cancel);
        (await Registry.GetVersionAsync("delay", 1, Cancel)).Should().BeEquivalentTo(new { Description = "Better.", Owner = "ada" });
        await Registry.EditVersionAsync("delay", 1, new() { Description = "", Owner = "bob" }, Cancel);
        (await Registry.GetVersionAsync("delay", 1, Cancel)).Should().BeEquivalentTo(first with { Description = null, Owner = "bob" });
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_edited_and_says_what_is()
    {
        await RegisterAsync(1);
        var edit = new ModelEdit { Owner = "ada" };

        (await FluentActions.Awaiting(() => Registry.EditModelAsync("dealy", edit, Cancel)).Should().ThrowAsync<NotFoundException>()).WithMessage("*no model 'dealy'*delay*");
        (await FluentActions.Awaiting(() => Registry.EditVersionAsync("delay", 2, edit, Cancel)).Should().ThrowAsync<NotFoundException>()).WithMessage("*no version 2*");
        (await Registry.FindModelAsync("dealy", Cancel)).Should().BeNull();
    }

    [Fact]
    public async Task A_version_shows_and_links_its_run_code_and_data()
    {
        var run = new EntityId("run", "r1");
        var code = """{"experiment":"e","actor":"ada","started":"2026-01-01T00:00:00+00:00","environment":{"operatingSystem":"l","architecture":"x","runtime":"r","cores":1},"code":{"commit":"4f0c","dirty":true,"untrackedFiles":0,"diffTruncated":false},"inputs":[]}"""u8;
        await Host.Metadata.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(run, new(1, code.ToArray()))]), Cancel);
        var (training, test) = (Digest.Of("a"u8), Digest.Of("b"u8));
        var package = await new ModelPackageBuilder("own") { Datasets = [new("training", training, 1000), new("test", test), new("held out", test)] }
            .AddFile("model/weights.bin", new byte[] { 1 }).SaveAsync(Host.Artifacts, Cancel);
        for (var i = 0; i < 2; i++)
        {
            var registered = await Registry.RegisterAsync(new() { Model = "delay", Package = package.Package, Run = run }, Cancel);
            registered.Should().BeEquivalentTo(new { Run = run, Commit = "4f0c-dirty" });
            registered.Datasets.Should().Equal([new ModelDataset("held out", test), new ModelDataset("test", test), new ModelDataset("training", training, 1000)]);
            (await Registry.GetVersionAsync("delay", i + 1, Cancel)).Should().BeEquivalentTo(registered);
        }

        var version = new EntityId("model-version", "delay/2");
        (await Host.Metadata.LinksAsync(new([version], LinkDirection.Out), Cancel)).Items.Should().BeEquivalentTo([
            new Link(version, "package", new("artifact", package.Package.ToString())),
            new Link(version, "made-by", run),
            new Link(version, "input.training", new("dataset", training.ToString())),
            new Link(version, "input.test", new("dataset", test.ToString())),
            new Link(version, "input.held out", new("dataset", test.ToString())),
        ]);
        (await Registry.RegisterAsync(new() { Model = "delay", Package = package.Package, Run = run, Commit = "stated" }, Cancel)).Commit.Should().Be("stated");
    }

    [Fact]
    public async Task A_deleted_version_is_gone_until_it_is_restored_and_its_number_is_not_used_again()
    {
        await RegisterAsync(2);
        var second = await Registry.GetVersionAsync("delay", 2, Cancel);
        await Registry.DeleteVersionAsync("delay", 2, "leaked data", Cancel);
        await Registry.DeleteVersionAsync("delay", 2, "leaked data", Cancel);

        (await Registry.FindVersionAsync("delay", 2, Cancel)).Should().BeNull();
        (await Registry.ListVersionsAsync("delay", Cancel).Select(v => v.Version).ToListAsync(Cancel)).Should().Equal(1);
        (await FluentActions.Awaiting(() => Move(2, null)).Should().ThrowAsync<NotFoundException>()).WithMessage("*no version 2*");
        await FluentActions.Awaiting(() => Registry.SetTagAsync("delay", 2, "a", "b", Cancel)).Should().ThrowAsync<NotFoundException>();
        (await Host.RegisterAsync("delay", 3)).Version.Should().Be(3);

        await Registry.RestoreVersionAsync("delay", 2, "it was not", Cancel);
        await Registry.RestoreVersionAsync("delay", 2, "it was not", Cancel);
        (await Registry.GetVersionAsync("delay", 2, Cancel)).Should().BeEquivalentTo(second);
        (await Registry.ListEventsAsync("delay", Cancel).Where(e => e.Version == 2).Select(e => (e.Type, e.Why)).ToListAsync(Cancel)).Should().Equal(
            ("version.registered", null), ("version.deleted", "leaked data"), ("version.restored", "it was not"));
        await FluentActions.Awaiting(() => Registry.DeleteVersionAsync("delay", 4, cancellationToken: Cancel)).Should().ThrowAsync<NotFoundException>();
        await FluentActions.Awaiting(() => Registry.RestoreVersionAsync("delay", 4, cancellationToken: Cancel)).Should().ThrowAsync<NotFoundException>();
    }

    [Fact]
    public async Task A_version_that_an_alias_points_at_cannot_be_deleted()
    {
        await RegisterAsync(2);
        var first = await Move(1, null);
        await Registry.MoveAliasAsync("delay", "challenger", 1, null, cancellationToken: Cancel);
        var delete = () => Registry.DeleteVersionAsync("delay", 1, cancellationToken: Cancel);

        (await delete.Should().ThrowAsync<ConflictException>()).WithMessage("*version 1 of model 'delay'*'champion'*'challenger'*");
        await Move(2, first);
        (await delete.Should().ThrowAsync<ConflictException>()).WithMessage("*alias 'challenger'*");
        await Registry.RemoveAliasAsync(await Registry.GetAliasAsync("delay", "challenger", Cancel), cancellationToken: Cancel);
        await delete();
    }

    [Fact]
    public async Task An_alias_that_moves_between_the_look_and_the_deletion_keeps_its_version()
    {
        await RegisterAsync(1);
        var store = new TroubledStore(inner: Host.Metadata);
        await using var late = NewHost(store);
        store.Meanwhile = () => Move(1, null);

        await FluentActions.Awaiting(() => late.Registry.DeleteVersionAsync("delay", 1, cancellationToken: Cancel)).Should().ThrowAsync<ConflictException>();
        (await Registry.GetVersionByAliasAsync("delay", "champion", Cancel)).Version.Should().Be(1);
    }

    [Fact]
    public async Task A_deletion_between_the_look_and_the_move_wins()
    {
        await RegisterAsync(1);
        var store = new TroubledStore(inner: Host.Metadata);
        await using var late = NewHost(store);
        store.Meanwhile = () => Registry.DeleteVersionAsync("delay", 1, cancellationToken: Cancel);

        await FluentActions.Awaiting(() => late.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel)).Should().ThrowAsync<NotFoundException>();
        (await Registry.FindAliasAsync("delay", "champion", Cancel)).Should().BeNull();
    }

    [Fact]
    public async Task An_alias_is_resolved_to_what_is_true_now_however_often_it_was_asked_for()
    {
        await RegisterAsync(3);
        await using var elsewhere = NewHost(Open());
        var alias = await elsewhere.Registry.MoveAliasAsync("delay", "champion", 3, null, cancellationToken: Cancel);
        for (var i = 0; i < 30; i++)
        {
            var resolved = await Registry.FindVersionByAliasAsync("delay", "champion", Cancel);
            resolved.Should().BeEquivalentTo(await elsewhere.Registry.FindVersionAsync("delay", alias.Version, Cancel)).And.NotBeNull();
            (await Registry.FindVersionByAliasAsync("delay", "champion", Cancel)).Should().BeEquivalentTo(resolved);
            switch (i % 3)
            {
                case 0:
                    await elsewhere.Registry.SetTagAsync("delay", alias.Version, "t", $"{i}", Cancel);
                    break;
                case 1:
                    await elsewhere.Registry.RequestApprovalAsync("delay", alias.Version, cancellationToken: Cancel);
                    break;
                default:
                    alias = await elsewhere.Registry.MoveAliasAsync("delay", "champion", 1 + (alias.Version % 3), alias, cancellationToken: Cancel);
                    break;
            }
        }

        await elsewhere.Registry.RemoveAliasAsync(alias, cancellationToken: Cancel);
        (await Registry.FindVersionByAliasAsync("delay", "champion", Cancel)).Should().BeNull();
    }
}
