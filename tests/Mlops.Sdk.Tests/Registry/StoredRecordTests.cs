using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

/// <summary>What was ever stored stays readable: the files in Golden are never changed, a new record version adds files beside them.</summary>
public sealed class StoredRecordTests
{
    private static readonly EntityId Run = new("run", "0199", "default");
    private readonly RegistryHost host = new();

    [Fact]
    public async Task Records_are_written_as_they_always_were()
    {
        var version = await RegisterAsync();
        var alias = await host.Registry.MoveAliasAsync("delay", "champion", 1, null, "first", Cancel);
        await host.Registry.MoveAliasAsync("delay", "champion", 1, alias, "again", Cancel);
        await host.Registry.SetTagAsync("delay", 1, "reviewed", "yes", Cancel);

        (await BodyAsync("model", "delay")).Should().Be(Golden("registry-model.v1"));
        (await BodyAsync("model-version", "delay/1")).Should().Be(Golden("registry-version.v1b"));
        (await BodyAsync("alias", "delay/champion")).Should().Be(Golden("registry-alias.v1"));
        (await BodyAsync("registration", "delay/2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683")).Should().Be(Golden("registry-registration.v1"));
        Encoding.UTF8.GetString(host.Artifacts.Objects[version.Package]).Should().Be(Golden("model-package.v1"));
        var events = await host.Metadata.ReadEventsAsync(new(), Cancel);
        events.Items.Select(e => $$"""{"type":"{{e.Type}}","body":{{Encoding.UTF8.GetString(e.Body.Span)}}}""").Should().Equal(Golden("registry-events.v1").Split('\n'));
    }

    [Fact]
    public async Task Records_of_approvals_and_removals_are_written_as_they_always_were()
    {
        await RegisterAsync();
        var alias = await host.Registry.MoveAliasAsync("delay", "champion", 1, null, cancellationToken: Cancel);
        await host.Registry.EditVersionAsync("delay", 1, new() { Description = "x" }, Cancel);
        await host.Registry.EditModelAsync("delay", new() { Owner = "ada", Tags = new Dictionary<string, string?> { ["team"] = "a" } }, Cancel);
        host.Actor = "carl";
        await host.Registry.RequestApprovalAsync("delay", 1, cancellationToken: Cancel);
        host.Actor = "bob";
        await host.Registry.ApproveAsync("delay", 1, cancellationToken: Cancel);
        (await BodyAsync("approval", "delay/1")).Should().Be(Golden("registry-approval.v1"));
        await host.Registry.RemoveAliasAsync(alias, cancellationToken: Cancel);
        await host.Registry.DeleteVersionAsync("delay", 1, cancellationToken: Cancel);
        await host.Registry.RestoreVersionAsync("delay", 1, cancellationToken: Cancel);
        await host.Registry.RejectAsync("delay", 1, cancellationToken: Cancel);

        (await BodyAsync("alias", "delay/champion")).Should().Be(Golden("registry-alias.v1b"));
        var events = await host.Metadata.ReadEventsAsync(new() { AfterPosition = 2 }, Cancel);
        events.Items.Select(e => $$"""{"type":"{{e.Type}}","body":{{Encoding.UTF8.GetString(e.Body.Span)}}}""").Should().Equal(Golden("registry-events.v1b").Split('\n'));
    }

    [Fact]
    public async Task Records_of_the_first_version_are_read()
    {
        await host.Metadata.CommitAsync(
            new(MlopsId.New(), "ada",
            [
                new Change.Create(new("model", "delay"), Body("registry-model.v1")),
                new Change.CreateNumbered("model-version", new("model", "delay"), Body("registry-version.v1")) { Attributes = new Dictionary<string, AttributeValue> { ["model"] = "delay", ["tag.a"] = "b" } },
                new Change.Create(new("alias", "delay/champion"), Body("registry-alias.v1")) { Attributes = new Dictionary<string, AttributeValue> { ["model"] = "delay", ["alias"] = "champion" } },
            ]),
            Cancel);

        (await host.Registry.ListModelsAsync(Cancel).SingleAsync(Cancel)).Name.Should().Be("delay");
        (await host.Registry.ListVersionsAsync("delay", Cancel).SingleAsync(Cancel)).Should().BeEquivalentTo(new
        {
            Model = "delay",
            Version = 1,
            Runtime = "own",
            Actor = "ada@example.com",
            GateReport = Digest.Of("report"u8),
            Run,
            Description = "Für alle.",
            Tags = new Dictionary<string, string> { ["a"] = "b" },
        });
        (await host.Registry.ListAliasesAsync("delay", Cancel).SingleAsync(Cancel)).Should().BeEquivalentTo(new { Alias = "champion", Version = 1 });
    }

    [Fact]
    public void A_manifest_of_the_first_format_is_read()
    {
        var manifest = ModelPackageManifest.Parse(Encoding.UTF8.GetBytes(Golden("model-package.v1")));

        manifest.Should().BeEquivalentTo(new { Format = 1, Runtime = "own", Run = "run-7", GateReport = Digest.Of("report"u8), Datasets = new[] { new ModelDataset("test", Digest.Of("b"u8)), new ModelDataset("training", Digest.Of("a"u8), 1000) } });
    }

    [Fact]
    public async Task A_record_of_a_newer_version_is_refused_with_the_remedy()
    {
        await host.Metadata.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(new("alias", "delay/champion"), Body("registry-alias.v1") with { Version = 2 })]), Cancel);

        var find = () => host.Registry.FindAliasAsync("delay", "champion", Cancel);

        (await find.Should().ThrowAsync<MlopsException>()).WithMessage("*alias/delay/champion*version 2*Update Mlops.Sdk*");
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_is_named()
    {
        await host.Metadata.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(new("alias", "delay/champion"), new(1, "{}"u8.ToArray()))]), Cancel);

        var find = () => host.Registry.FindAliasAsync("delay", "champion", Cancel);

        (await find.Should().ThrowAsync<CorruptedException>()).WithMessage("*alias/delay/champion*");
    }

    private async Task<ModelVersion> RegisterAsync()
    {
        var package = await new ModelPackageBuilder("own")
        {
            Contract = """{"columns":[]}"""u8.ToArray(),
            Run = "run-7",
            GateReport = Digest.Of("report"u8),
            Datasets = [new("training", Digest.Of("a"u8), 1000), new("test", Digest.Of("b"u8))],
            Environment = new Dictionary<string, string> { ["Microsoft.ML"] = "5.0.1", ["ü"] = "<+>" },
        }.AddFile("model/weights.bin", new byte[] { 1, 2, 3 }).SaveAsync(host.Artifacts, Cancel);
        await host.Artifacts.PutAsync(new MemoryStream("report"u8.ToArray()), Cancel);
        return await host.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package, Run = Run, Description = "Für alle.", IdempotencyKey = "key" }, Cancel);
    }

    private async Task<string> BodyAsync(string kind, string key)
    {
        var found = (await host.Metadata.FindAsync([new(kind, key)], cancellationToken: Cancel))[0];
        found.Should().NotBeNull();
        found!.Body.Version.Should().Be(1);
        return Encoding.UTF8.GetString(found.Body.Bytes.Span);
    }

    private static EntityBody Body(string golden) => new(1, Encoding.UTF8.GetBytes(Golden(golden)));

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".json")).TrimEnd('\n');

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
