using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class RegisterTests
{
    private readonly RegistryHost host = new();

    [Fact]
    public async Task A_registered_version_is_read_back_as_it_was_returned()
    {
        var package = await host.PackageAsync();
        var report = (await host.Artifacts.PutAsync(new MemoryStream("report"u8.ToArray()), Cancel)).Digest;
        var registered = await host.Registry.RegisterAsync(
            new() { Model = "delay", Package = package.Package, GateReport = report, Run = new("run", "r1"), Description = "First.", Tags = new Dictionary<string, string> { ["trainer"] = "sdca 🚀" } }, Cancel);

        registered.Should().BeEquivalentTo(new
        {
            Model = "delay",
            Version = 1,
            package.Package,
            package.ModelDigest,
            Runtime = "own",
            Actor = "ada@example.com",
            GateReport = report,
            Run = new EntityId("run", "r1"),
            Description = "First.",
            Tags = new Dictionary<string, string> { ["trainer"] = "sdca 🚀" },
        });
        (await host.Registry.FindVersionAsync("delay", 1, Cancel)).Should().BeEquivalentTo(registered);
        (await host.Registry.FindVersionAsync("delay", 2, Cancel)).Should().BeNull();
        (await Models()).Should().Equal(new RegisteredModel("delay", registered.Created));
    }

    [Fact]
    public async Task Sixty_four_first_registrations_at_once_make_one_model_with_versions_1_to_64()
    {
        var package = await host.PackageAsync();

        var versions = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => host.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package }, Cancel))));

        versions.Select(v => v.Version).Order().Should().Equal(Enumerable.Range(1, 64));
        (await Models()).Should().ContainSingle();
        (await Versions()).Select(v => v.Version).Should().Equal(Enumerable.Range(1, 64).Reverse());
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_version_that_the_first_call_made()
    {
        var registration = new ModelRegistration { Model = "delay", Package = (await host.PackageAsync()).Package, IdempotencyKey = "run 7/register[1] ü" };
        var first = await host.Registry.RegisterAsync(registration, Cancel);

        (await host.Registry.RegisterAsync(registration with { Description = "again" }, Cancel)).Should().BeEquivalentTo(first);
        (await host.Registry.RegisterAsync(registration with { IdempotencyKey = "other" }, Cancel)).Version.Should().Be(2);
        (await host.Registry.RegisterAsync(registration with { Model = "other" }, Cancel)).Should().BeEquivalentTo(new { Model = "other", Version = 1 });
    }

    [Fact]
    public async Task The_same_idempotency_key_from_many_callers_at_once_makes_one_version()
    {
        var registration = new ModelRegistration { Model = "delay", Package = (await host.PackageAsync()).Package, IdempotencyKey = "once" };

        var versions = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => host.Registry.RegisterAsync(registration, Cancel))));

        versions.Should().OnlyContain(v => v.Version == 1);
        (await Versions()).Should().ContainSingle();
    }

    [Fact]
    public async Task Whoever_meets_another_first_registration_between_read_and_commit_gets_the_next_number()
    {
        var store = new TroubledStore();
        var late = new RegistryHost(store);
        var package = await late.PackageAsync();
        ModelVersion? early = null;
        store.Meanwhile = async () => early = await late.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package }, Cancel);

        var version = await late.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package }, Cancel);

        early!.Version.Should().Be(1);
        version.Version.Should().Be(2);
    }

    [Fact]
    public async Task Whoever_meets_its_own_idempotency_key_between_read_and_commit_gets_that_version()
    {
        var store = new TroubledStore();
        var late = new RegistryHost(store);
        var registration = new ModelRegistration { Model = "delay", Package = (await late.PackageAsync()).Package, IdempotencyKey = "k" };
        store.Meanwhile = () => late.Registry.RegisterAsync(registration, Cancel);

        (await late.Registry.RegisterAsync(registration, Cancel)).Version.Should().Be(1);
        (await late.Registry.ListVersionsAsync("delay", Cancel).CountAsync(Cancel)).Should().Be(1);
    }

    [Fact]
    public async Task A_lost_answer_does_not_register_twice()
    {
        var lossy = new RegistryHost(new TroubledStore(2));

        (await lossy.RegisterAsync()).Version.Should().Be(1);
        (await lossy.RegisterAsync()).Version.Should().Be(2);
    }

    [Fact]
    public async Task A_failed_call_is_safe_to_repeat_with_its_idempotency_key()
    {
        var lossy = new RegistryHost(new TroubledStore(1, transient: false));
        var registration = new ModelRegistration { Model = "delay", Package = (await lossy.PackageAsync()).Package, IdempotencyKey = "k" };
        var first = () => lossy.Registry.RegisterAsync(registration, Cancel);
        await first.Should().ThrowAsync<MlopsException>();

        (await first()).Version.Should().Be(1);
    }

    [Fact]
    public async Task A_package_that_does_not_verify_registers_nothing()
    {
        var package = await host.PackageAsync(9);
        host.Artifacts.Objects[Digest.Of([9])] = [8];

        var register = () => host.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package }, Cancel);

        (await register.Should().ThrowAsync<CorruptedException>()).WithMessage("*model/weights.bin*");
        (await Models()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_gate_report_that_is_not_stored_registers_nothing()
    {
        var package = await host.PackageAsync();

        var register = () => host.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package, GateReport = Digest.Of("none"u8) }, Cancel);

        (await register.Should().ThrowAsync<NotFoundException>()).WithMessage("*gate report*");
        (await Models()).Should().BeEmpty();
    }

    [Fact]
    public async Task Lineage_leads_from_the_version_to_its_package_report_and_run()
    {
        var run = new EntityId("run", "r1");
        await host.Metadata.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(run, new(1, "{}"u8.ToArray()))]), Cancel);
        var package = await host.PackageAsync();
        var report = (await host.Artifacts.PutAsync(new MemoryStream("report"u8.ToArray()), Cancel)).Digest;
        for (var i = 0; i < 2; i++)
        {
            await host.Registry.RegisterAsync(new() { Model = "delay", Package = package.Package, GateReport = report, Run = run }, Cancel);
        }

        var version = new EntityId("model-version", "delay/2");
        var links = await host.Metadata.LinksAsync(new([version], LinkDirection.Out), Cancel);

        links.Items.Should().BeEquivalentTo([
            new Link(version, "package", new("artifact", package.Package.ToString())),
            new Link(version, "gate-report", new("artifact", report.ToString())),
            new Link(version, "made-by", run),
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ü")]
    public async Task A_bad_name_is_refused_before_the_store_sees_it(string name)
    {
        var package = await host.PackageAsync();
        Func<Task>[] calls =
        [
            () => host.Registry.RegisterAsync(new() { Model = name, Package = package.Package }, Cancel),
            () => host.Registry.RegisterAsync(new() { Model = new string('a', 101), Package = package.Package }, Cancel),
            () => host.Registry.RegisterAsync(new() { Model = "m", Package = package.Package, Tags = new Dictionary<string, string> { [name] = "x" } }, Cancel),
            () => host.Registry.MoveAliasAsync("m", name, 1, null, cancellationToken: Cancel),
            () => host.Registry.SetTagAsync("m", 1, name, "x", Cancel),
            () => host.Registry.FindVersionAsync(name, 1, Cancel),
            () => host.Registry.FindAliasAsync(name, "champion", Cancel),
        ];

        foreach (var call in calls)
        {
            await call.Should().ThrowAsync<ArgumentException>();
        }

        (await Models()).Should().BeEmpty();
    }

    [Fact]
    public async Task Workspaces_do_not_see_each_other()
    {
        var other = new RegistryHost(host.Metadata, "team-b");
        await host.RegisterAsync();
        await host.RegisterAsync();

        (await other.RegisterAsync()).Version.Should().Be(1);
        (await Versions()).Should().HaveCount(2);
        (await other.Registry.ListEventsAsync("delay", Cancel).ToListAsync(Cancel)).Should().ContainSingle();
    }

    private async Task<List<RegisteredModel>> Models() => await host.Registry.ListModelsAsync(Cancel).ToListAsync(Cancel);

    private async Task<List<ModelVersion>> Versions() => await host.Registry.ListVersionsAsync("delay", Cancel).ToListAsync(Cancel);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
