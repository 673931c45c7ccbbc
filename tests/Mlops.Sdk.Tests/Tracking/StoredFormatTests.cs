using System.Text;
using System.Text.Json;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Tests.Evaluation;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Tests.Tracking;

public sealed class StoredFormatTests : IAsyncDisposable
{
    private static readonly EntityId Id = new("run", "r1");
    private static readonly Digest Abc = Digest.Of("abc"u8);
    private readonly TrackingBench bench = new();

    private static CancellationToken Token => TrackingBench.Token;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task A_run_of_record_version_1_is_read()
    {
        await StoreAsync(1, await GoldenAsync());

        var run = await bench.Tracker.GetRunAsync("r1", Token);

        run.Should().BeEquivalentTo(new
        {
            Id = "r1",
            Experiment = "flight-delay",
            Name = "first try",
            State = RunState.Canceled,
            Reason = "enough",
            Actor = "ada",
            Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            Ended = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
            Code = new CodeVersion("0123456789abcdef0123456789abcdef01234567", true, 3, Abc, false),
            Environment = new RunEnvironment("Debian GNU/Linux 12", "X64", ".NET 10.0.0", 2, Abc),
            DroppedPoints = 12L,
        });
        run.Inputs.Should().Equal(new DatasetInput(Abc, DatasetRole.Training, "flights", 430_000), new DatasetInput(Abc, DatasetRole.Validation, "may"), new DatasetInput(Abc, DatasetRole.Test, "june"));
        run.Params.Should().BeEquivalentTo(new Dictionary<string, AttributeValue> { ["trees"] = 100 });
        run.Tags.Should().BeEquivalentTo(new Dictionary<string, string> { ["team"] = "ops" });
        run.Metrics.Should().BeEquivalentTo(new Dictionary<string, double> { ["auc"] = 0.7 });
        run.Artifacts.Should().BeEquivalentTo(new Dictionary<string, ArtifactRef> { ["a/b"] = new(Abc, 3) });
    }

    [Fact]
    public async Task A_run_is_written_with_the_members_of_record_version_1()
    {
        await using var run = await bench.Tracker.StartRunAsync("e", new() { Name = "n", Inputs = [new(Abc, DatasetRole.Training, "d", 1)] }, Token);

        var body = (await bench.Store.FindAsync([run.Entity], cancellationToken: Token))[0]!.Body;

        body.Version.Should().Be(1);
        using var golden = JsonDocument.Parse(await GoldenAsync());
        using var written = JsonDocument.Parse(body.Bytes);
        Members(written.RootElement).Should().BeEquivalentTo(Members(golden.RootElement).Except(["code"]), "code is not captured here");
        Members(written.RootElement.GetProperty("environment")).Should().BeEquivalentTo(Members(golden.RootElement.GetProperty("environment")));
        Members(written.RootElement.GetProperty("inputs")[0]).Should().BeEquivalentTo(Members(golden.RootElement.GetProperty("inputs")[0]));

        static IEnumerable<string> Members(JsonElement element) => element.EnumerateObject().Select(member => member.Name).ToList();
    }

    [Fact]
    public async Task A_run_of_a_newer_record_version_is_refused_with_the_remedy()
    {
        await StoreAsync(2, await GoldenAsync());

        await FluentActions.Awaiting(() => bench.Tracker.FindRunAsync("r1", Token)).Should().ThrowAsync<MlopsException>().WithMessage("*version 2*Update Mlops.Sdk*");
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_named()
    {
        await StoreAsync(1, "{\"experiment\":1}"u8.ToArray());

        await FluentActions.Awaiting(() => bench.Tracker.FindRunAsync("r1", Token)).Should().ThrowAsync<CorruptedException>().WithMessage("*run/r1*backup*");
    }

    private static async Task<byte[]> GoldenAsync() => Encoding.UTF8.GetBytes((await File.ReadAllTextAsync(GateBench.Golden("tracking-run-v1.json"), Token)).TrimEnd());

    private async Task StoreAsync(int version, byte[] body)
    {
        var attributes = new Dictionary<string, AttributeValue>
        {
            ["experiment"] = "flight-delay",
            ["state"] = "canceled",
            ["reason"] = "enough",
            ["ended"] = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero).ToUnixTimeMilliseconds(),
            ["dropped"] = 12,
            ["param.trees"] = 100,
            ["tag.team"] = "ops",
            ["metric.auc"] = 0.7,
            ["artifact.a/b"] = $"{Abc} 3",
        };
        await bench.Store.CommitAsync(new(MlopsId.New(), "ada", [new Change.Create(Id, new(version, body)) { Attributes = attributes }]), Token);
    }
}
