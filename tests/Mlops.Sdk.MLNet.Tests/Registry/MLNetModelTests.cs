using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;
using Mlops.Sdk.Tests.Registry;

namespace Mlops.Sdk.MLNet.Tests.Registry;

public sealed class MLNetModelTests
{
    private readonly CarelessArtifactStore artifacts = new();

    [Theory]
    [InlineData("sdca")]
    [InlineData("fasttree")]
    [InlineData("lightgbm")]
    public async Task Equal_trainings_give_equal_packages(string trainer)
    {
        var packages = new HashSet<ModelPackageRef>();
        for (var i = 0; i < 3; i++)
        {
            packages.Add(await SaveAsync(trainer, 1));
        }

        packages.Should().ContainSingle();
    }

    [Theory]
    [InlineData("sdca")]
    [InlineData("fasttree")]
    public async Task Another_seed_gives_another_model(string trainer)
    {
        var one = await SaveAsync(trainer, 1);
        var two = await SaveAsync(trainer, 2);

        two.ModelDigest.Should().NotBe(one.ModelDigest);
        two.Package.Should().NotBe(one.Package);
    }

    [Fact]
    public async Task The_content_digest_does_not_see_what_a_zip_records_on_the_way()
    {
        var (context, model, rows) = Trips.Train("fasttree", 1);
        var digests = new HashSet<Digest>();
        var bytes = new HashSet<Digest>();
        for (var i = 0; i < 2; i++)
        {
            using var saved = new MemoryStream();
            context.Model.Save(model, rows.Schema, saved);
            if (i == 1)
            {
                TouchEntries(saved);
            }

            saved.Position = 0;
            digests.Add(await ModelContent.DigestAsync(saved, Cancel));
            bytes.Add(Digest.Of(saved.ToArray()));
        }

        digests.Should().ContainSingle();
        bytes.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("sdca")]
    [InlineData("fasttree")]
    public async Task A_model_that_was_loaded_answers_as_the_one_that_was_saved(string trainer)
    {
        var (context, model, rows) = Trips.Train(trainer, 1);
        var saved = await MLNetModel.SaveAsync<Trip, TripAnswer>(artifacts, context, model, rows.Schema, Trips.Make(5, 9), cancellationToken: Cancel);

        using var loaded = await MLNetModel.LoadAsync(await ModelPackage.OpenAsync(artifacts, saved.Package, Cancel), cancellationToken: Cancel);

        loaded.InputSchema.Select(c => c.Name).Should().Equal(rows.Schema.Select(c => c.Name));
        Answers(new MLContext(), loaded.Transformer).Should().Equal(Answers(context, model));
    }

    [Fact]
    public async Task A_package_says_what_it_holds()
    {
        var options = new MLNetPackageOptions
        {
            Contract = """{"columns":[]}"""u8.ToArray(),
            Datasets = [new("training", Digest.Of("rows"u8), 800)],
            Environment = new Dictionary<string, string> { ["trainer"] = "fasttree" },
            Card = "# Delay",
            Tolerance = 0.01,
        };
        var (context, model, rows) = Trips.Train("fasttree", 1);
        var samples = Trips.Make(3, 9);

        var saved = await MLNetModel.SaveAsync<Trip, TripAnswer>(artifacts, context, model, rows.Schema, samples, options, Cancel);

        var package = await ModelPackage.OpenAsync(artifacts, saved.Package, Cancel);
        package.Manifest.Should().BeEquivalentTo(new { Runtime = "mlnet", saved.ModelDigest, options.Datasets, Environment = new Dictionary<string, string> { ["Microsoft.ML"] = "5.0.1", ["trainer"] = "fasttree" } });
        package.Manifest.Files.Select(f => f.Path).Should().Equal("card.md", "contract.json", "golden.jsonl", "model/model.zip");
        using var engine = context.Model.CreatePredictionEngine<Trip, TripAnswer>(model);
        var expected = engine.Predict(samples[2]);
        package.GoldenRows.Should().HaveCount(3);
        package.GoldenRows[2].Tolerance.Should().Be(0.01);
        package.GoldenRows[2].Input.GetProperty("Distance").GetSingle().Should().Be(samples[2].Distance);
        package.GoldenRows[2].Difference(JsonSerializer.SerializeToElement(expected)).Should().BeNull();
        package.GoldenRows[2].Difference(JsonSerializer.SerializeToElement(new TripAnswer { Raw = expected.Raw + 1, Probability = expected.Probability, PredictedLabel = expected.PredictedLabel })).Should().StartWith("$.Raw is");
    }

    [Fact]
    public async Task A_changed_byte_is_refused_before_MLNet_opens_it()
    {
        var saved = await SaveAsync("fasttree", 1);
        var package = await ModelPackage.OpenAsync(artifacts, saved.Package, Cancel);
        var model = package.Manifest.Find(MLNetRuntime.ModelPath)!;
        artifacts.Objects[model.Digest][model.Length / 2] ^= 1;

        var open = () => ModelPackage.OpenAsync(artifacts, saved.Package, Cancel);
        var load = () => MLNetModel.LoadAsync(package, cancellationToken: Cancel);

        (await open.Should().ThrowAsync<CorruptedException>()).WithMessage("*model/model.zip*");
        (await load.Should().ThrowAsync<CorruptedException>()).WithMessage("*model/model.zip*");
    }

    [Fact]
    public async Task A_package_of_another_runtime_and_bytes_that_are_no_model_are_refused_with_a_remedy()
    {
        var own = await new ModelPackageBuilder("own").AddFile("model/m", new byte[] { 1 }).SaveAsync(artifacts, Cancel);
        var noModel = await new ModelPackageBuilder("mlnet").AddFile("model/model.zip", new byte[] { 1 }).SaveAsync(artifacts, Cancel);

        var loadOwn = async () => await MLNetModel.LoadAsync(await ModelPackage.OpenAsync(artifacts, own.Package, Cancel), cancellationToken: Cancel);
        var loadNoModel = async () => await MLNetModel.LoadAsync(await ModelPackage.OpenAsync(artifacts, noModel.Package, Cancel), cancellationToken: Cancel);

        (await loadOwn.Should().ThrowAsync<MlopsException>()).WithMessage("*'own'*");
        (await loadNoModel.Should().ThrowAsync<MlopsException>()).WithMessage("*cannot load*Reference the package*");
    }

    [Fact]
    public async Task An_input_that_does_not_survive_JSON_is_refused_and_nothing_is_stored()
    {
        var (context, model, rows) = Trips.Train("sdca", 1);

        var save = () => MLNetModel.SaveAsync<ForgetfulTrip, TripAnswer>(artifacts, context, model, rows.Schema, [new() { Distance = 900, Hour = 20, Origin = "ORD" }], cancellationToken: Cancel);

        (await save.Should().ThrowAsync<MlopsException>()).WithMessage("*row 1*ForgetfulTrip*");
        artifacts.Objects.Should().BeEmpty();
    }

    [Fact]
    public async Task A_trained_model_is_registered_and_found_by_its_alias()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMlops().UseInMemory().UseArtifactStore(_ => artifacts);
        var registry = services.BuildServiceProvider().GetRequiredService<IModelRegistry>();
        var package = await SaveAsync("fasttree", 1);

        var version = await registry.RegisterAsync(new() { Model = "trip-delay", Package = package.Package }, Cancel);
        await registry.MoveAliasAsync("trip-delay", "champion", version.Version, expected: null, why: "first model", Cancel);

        (await registry.GetVersionByAliasAsync("trip-delay", "champion", Cancel)).ModelDigest.Should().Be(package.ModelDigest);
    }

    private async Task<ModelPackageRef> SaveAsync(string trainer, int seed)
    {
        var (context, model, rows) = Trips.Train(trainer, seed);
        return await MLNetModel.SaveAsync<Trip, TripAnswer>(artifacts, context, model, rows.Schema, Trips.Make(5, 9), cancellationToken: Cancel);
    }

    private static List<(bool, float, float)> Answers(MLContext context, ITransformer model)
    {
        using var engine = context.Model.CreatePredictionEngine<Trip, TripAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        return [.. Trips.Make(200, 11).Select(trip => engine.Predict(trip)).Select(a => (a.PredictedLabel, a.Probability, a.Raw))];
    }

    private static void TouchEntries(MemoryStream zip)
    {
        using var archive = new System.IO.Compression.ZipArchive(zip, System.IO.Compression.ZipArchiveMode.Update, leaveOpen: true);
        foreach (var entry in archive.Entries)
        {
            entry.LastWriteTime = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private sealed class ForgetfulTrip
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public float Distance { get; set; }

        public float Hour { get; set; }

        public string Origin { get; set; } = "";
    }
}
