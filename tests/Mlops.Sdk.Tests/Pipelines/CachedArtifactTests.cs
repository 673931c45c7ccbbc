using Microsoft.Extensions.DependencyInjection;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;
using Mlops.Sdk.Pipelines;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Pipelines;

/// <summary>What a finished execution refers to, in a real folder that somebody damages afterwards.</summary>
public sealed class CachedArtifactTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlops-cached-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("gone", "is gone")]
    [InlineData("truncated", "corrupted")]
    [InlineData("one byte", "corrupted")]
    public async Task A_cached_output_whose_artifact_was_damaged_is_a_miss_that_is_reported_and_repaired(string damage, string reported)
    {
        var ran = 0;
        await using var host = Host<ArtifactRef>(async (artifacts, token) =>
        {
            ran++;
            return await artifacts.PutBytesAsync("0123456789"u8.ToArray(), token);
        });
        var artifact = await RunAsync<ArtifactRef>(host);
        Damage(artifact.Digest, damage);

        (await RunAsync<ArtifactRef>(host)).Should().Be(artifact);
        ran.Should().Be(2);
        host.Logs.Lines.Should().ContainSingle(line => line.Id == 3021).Which.Text.Should().Contain(artifact.Digest.ToString()).And.Contain(reported);
        (await host.Artifacts.ReadBytesAsync(artifact.Digest, cancellationToken: Token)).Should().Equal("0123456789"u8.ToArray());
        await RunAsync<ArtifactRef>(host);
        ran.Should().Be(2);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("one byte")]
    public async Task A_cached_model_package_is_checked_with_all_its_files(string damage)
    {
        var ran = 0;
        await using var host = Host<ModelPackageRef>(async (artifacts, token) =>
        {
            ran++;
            return await new ModelPackageBuilder("own").AddFile("model/weights.bin", "0123456789"u8.ToArray()).SaveAsync(artifacts, token);
        });
        var package = await RunAsync<ModelPackageRef>(host);
        foreach (var digest in (Digest[])[Digest.Of("0123456789"u8), package.Package])
        {
            ran = 0;
            Damage(digest, damage);

            (await RunAsync<ModelPackageRef>(host)).Should().Be(package);
            ran.Should().Be(1);
            await ModelPackage.OpenAsync(host.Artifacts, package.Package, Token);
            await RunAsync<ModelPackageRef>(host);
            ran.Should().Be(1);
        }
    }

    [Fact]
    public async Task A_model_package_is_linked_to_the_attempt_that_made_it()
    {
        await using var host = Host<ModelPackageRef>((artifacts, token) => new ModelPackageBuilder("own").AddFile("model/weights.bin", "0123456789"u8.ToArray()).SaveAsync(artifacts, token));
        var package = await RunAsync<ModelPackageRef>(host);

        var attempt = (await host.AllAsync("step-attempt")).Single();
        var links = (await host.Metadata.LinksAsync(new LinkQuery([attempt.Id], LinkDirection.Out) { Relation = "produced" }, Token)).Items;
        links.Select(l => l.To.Key).Should().Equal(package.Package.ToString());
    }

    private PipelineHost Host<TOut>(Func<IArtifactStore, CancellationToken, Task<TOut>> body)
    {
        PipelineHost? self = null;
        return self = CacheTests.Calling<int, TOut>((_, _, token) => body(self!.Artifacts, token), more: mlops => mlops.UseFileArtifacts(o => o.Root = root));
    }

    private static Task<TOut> RunAsync<TOut>(PipelineHost host) => CacheTests.RunAsync<int, TOut>(host, 1);

    private void Damage(Digest digest, string how)
    {
        var file = Path.Combine(root, "sha256", digest.Hex[..2], digest.Hex[2..4], digest.Hex);
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "gone":
                File.Delete(file);
                break;
            case "truncated":
                File.WriteAllBytes(file, bytes[..^1]);
                break;
            default:
                bytes[^1] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
        }
    }
}
