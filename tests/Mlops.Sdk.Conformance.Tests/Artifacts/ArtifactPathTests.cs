using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Tracking;

namespace Mlops.Sdk.Conformance.Tests.Artifacts;

/// <summary>One rule at every place where a path comes in.</summary>
public sealed class ArtifactPathTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_rule_refuses_the_one_half_of_the_corpus_and_takes_the_other()
    {
        ArtifactPathCorpus.Refused.Where(path => ArtifactPath.Problem(path) is null).Should().BeEmpty();
        ArtifactPathCorpus.Accepted.Where(path => ArtifactPath.Problem(path) is not null).Should().BeEmpty();
        ArtifactPathCorpus.Refused.Should().HaveCountGreaterThan(300).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_manifest_takes_none_of_them()
    {
        foreach (var path in ArtifactPathCorpus.Refused)
        {
            FluentActions.Invoking(() => new ArtifactManifest([new(path, Digest.Of("x"u8), 1)])).Should().Throw<ArgumentException>(path).WithMessage("*Use a relative path*");
            var escaped = string.Concat(path.Select(c => c is < ' ' or > '~' or '"' or '\\' ? $"\\u{(int)c:X4}" : $"{c}"));
            var json = $$"""{"files":[{"digest":"{{Digest.Of("x"u8)}}","length":1,"path":"{{escaped}}"}],"format":1}""";
            FluentActions.Invoking(() => ArtifactManifest.Parse(System.Text.Encoding.ASCII.GetBytes(json))).Should().Throw<CorruptedException>(path);
        }
    }

    [Fact]
    public void A_model_package_takes_none_of_them()
    {
        foreach (var path in ArtifactPathCorpus.Refused)
        {
            FluentActions.Invoking(() => new ModelPackageBuilder("test").AddFile(path, "x"u8.ToArray())).Should().Throw<ArgumentException>(path).WithMessage("*Use a relative path*");
            FluentActions.Invoking(() => new ModelPackageBuilder("test").AddFile("model/" + path, "x"u8.ToArray())).Should().Throw<ArgumentException>(path).WithMessage("*Use a relative path*");
        }
    }

    [Fact]
    public async Task A_run_takes_none_of_them()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMlops().UseInMemory();
        await using var provider = services.BuildServiceProvider();
        await using var run = await provider.GetRequiredService<IExperimentTracker>().StartRunAsync("e", null, Token);
        foreach (var path in ArtifactPathCorpus.Refused)
        {
            await FluentActions.Awaiting(() => run.LogArtifactAsync(path, new MemoryStream([1]), Token)).Should().ThrowAsync<ArgumentException>(path).WithMessage("*Use a relative path*");
        }

        foreach (var path in ArtifactPathCorpus.Accepted.Where(p => p.Length <= 200))
        {
            await run.LogArtifactAsync(path, new MemoryStream([1]), Token);
        }
    }

    [Fact]
    public async Task A_folder_on_disk_gives_none_of_them()
    {
        var work = Directory.CreateTempSubdirectory("mlops-paths-").FullName;
        var possible = ArtifactPathCorpus.Refused.Where(p => !p.Contains('/') && !p.Contains('\0') && p is not ("" or "." or "..") && !p.Any(char.IsSurrogate) && System.Text.Encoding.UTF8.GetByteCount(p) < 256).ToList();
        possible.Should().HaveCountGreaterThan(100, "Linux takes almost any name");
        foreach (var name in possible)
        {
            var folder = Directory.CreateDirectory(Path.Combine(work, MlopsId.NewKey())).FullName;
            await File.WriteAllTextAsync(folder + "/" + name, "x", Token);
            await FluentActions.Awaiting(() => new InMemoryArtifactStore().PutFolderAsync(folder, Token)).Should().ThrowAsync<ArgumentException>(name);
        }

        Directory.Delete(work, recursive: true);
    }

    [Fact]
    public void Two_paths_that_are_one_file_elsewhere_are_refused_together()
    {
        var digest = Digest.Of("x"u8);
        foreach (var (a, b) in new[] { ("a", "A"), ("é", "e\u0301"), ("ab", "a\u200Db"), ("a/b", "A/b"), ("a", "A/b") })
        {
            FluentActions.Invoking(() => new ArtifactManifest([new(a, digest, 1), new(b, digest, 1)])).Should().Throw<ArgumentException>($"{a} and {b}");
        }
    }
}
