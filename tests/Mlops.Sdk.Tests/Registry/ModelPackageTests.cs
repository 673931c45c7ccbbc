using System.Text;
using System.Text.Json;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class ModelPackageTests
{
    private readonly CarelessArtifactStore artifacts = new();

    [Fact]
    public async Task What_was_saved_is_read_back()
    {
        var saved = await Builder().AddFile("model/weights.bin", new byte[] { 1, 2, 3 }).AddFile("notes/readme.txt", "hello"u8.ToArray())
            .AddGoldenRows([new(Json("""{"x":1.5}"""), Json("""{"score":0.25}"""), 0.001)]).SaveAsync(artifacts, Cancel);

        var package = await ModelPackage.OpenAsync(artifacts, saved.Package, Cancel);

        package.Digest.Should().Be(saved.Package);
        package.Manifest.Should().BeEquivalentTo(new
        {
            Format = 1,
            Runtime = "own",
            saved.ModelDigest,
            Run = "run-7",
            GateReport = Digest.Of("report"u8),
            Contract = Digest.Of("""{"columns":[]}"""u8),
            Environment = new Dictionary<string, string> { ["Microsoft.ML"] = "5.0.1" },
        });
        package.Manifest.Files.Select(f => f.Path).Should().Equal("card.md", "contract.json", "golden.jsonl", "model/weights.bin", "notes/readme.txt");
        package.Manifest.Datasets.Should().Equal(new ModelDataset("test", Digest.Of("b"u8)), new ModelDataset("training", Digest.Of("a"u8), 1000));
        package.GoldenRows.Should().ContainSingle().Which.Tolerance.Should().Be(0.001);
        package.GoldenRows[0].Input.GetRawText().Should().Be("""{"x":1.5}""");
        Encoding.UTF8.GetString(package.Contract!.Value.Span).Should().Be("""{"columns":[]}""");
        (await package.ReadAsync("model/weights.bin", Cancel)).Should().Equal(1, 2, 3);
        Encoding.UTF8.GetString(await package.ReadAsync("card.md", Cancel)).Should().Be("# Für alle 🚀");
    }

    [Fact]
    public async Task Equal_contents_give_equal_packages_in_whatever_order_they_were_added()
    {
        var one = await new ModelPackageBuilder("own") { Environment = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, Datasets = [new("training", Digest.Of("a"u8)), new("test", Digest.Of("b"u8))] }
            .AddFile("model/a", "a"u8.ToArray()).AddFile("model/b", "b"u8.ToArray()).SaveAsync(artifacts, Cancel);
        var other = await new ModelPackageBuilder("own") { Environment = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" }, Datasets = [new("test", Digest.Of("b"u8)), new("training", Digest.Of("a"u8))] }
            .AddFile("model/b", "b"u8.ToArray()).AddFile("model/a", "a"u8.ToArray()).SaveAsync(artifacts, Cancel);

        other.Should().Be(one);
    }

    [Fact]
    public async Task A_file_on_disk_is_the_same_as_its_bytes()
    {
        var path = Path.Combine(Path.GetTempPath(), MlopsId.NewKey());
        await File.WriteAllBytesAsync(path, new byte[200_000], Cancel);
        try
        {
            var fromDisk = await new ModelPackageBuilder("own").AddFile("model/m", new FileInfo(path)).SaveAsync(artifacts, Cancel);
            (await new ModelPackageBuilder("own").AddFile("model/m", new byte[200_000]).SaveAsync(artifacts, Cancel)).Should().Be(fromDisk);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../up")]
    [InlineData("model/../../up")]
    [InlineData("model//double")]
    [InlineData("model\\back")]
    [InlineData("C:/drive")]
    [InlineData("model/nul")]
    [InlineData("model/dot.")]
    [InlineData("")]
    [InlineData("Golden.jsonl")]
    public void A_path_that_leaves_the_package_or_differs_between_systems_is_refused(string path)
    {
        var add = () => Builder().AddFile(path, ReadOnlyMemory<byte>.Empty);

        add.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Two_files_that_one_file_system_could_not_hold_are_refused()
    {
        var add = () => Builder().AddFile("model/A", ReadOnlyMemory<byte>.Empty).AddFile("model/a", ReadOnlyMemory<byte>.Empty);

        add.Should().Throw<ArgumentException>().WithMessage("*model/a*");
    }

    [Fact]
    public async Task A_file_that_is_also_a_folder_is_refused_and_nothing_is_stored()
    {
        var save = () => Builder().AddFile("model/a", ReadOnlyMemory<byte>.Empty).AddFile("model/a/b", ReadOnlyMemory<byte>.Empty).SaveAsync(artifacts, Cancel);

        (await save.Should().ThrowAsync<ArgumentException>()).WithMessage("*model/a*");
        artifacts.Objects.Should().BeEmpty();
    }

    [Fact]
    public async Task A_package_without_a_model_is_refused()
    {
        var save = () => Builder().AddFile("notes", ReadOnlyMemory<byte>.Empty).SaveAsync(artifacts, Cancel);

        (await save.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*model/*");
        artifacts.Objects.Should().BeEmpty();
    }

    private static ModelPackageBuilder Builder() => new("own")
    {
        Contract = """{"columns":[]}"""u8.ToArray(),
        Run = "run-7",
        GateReport = Digest.Of("report"u8),
        Card = "# Für alle 🚀",
        Datasets = [new("training", Digest.Of("a"u8), 1000), new("test", Digest.Of("b"u8))],
        Environment = new Dictionary<string, string> { ["Microsoft.ML"] = "5.0.1" },
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
