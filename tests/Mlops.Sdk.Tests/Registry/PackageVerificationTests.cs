using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class PackageVerificationTests
{
    private readonly CarelessArtifactStore artifacts = new();
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(199_999)]
    public async Task A_changed_byte_is_found_and_the_file_is_named(int at)
    {
        var saved = await SaveAsync();
        artifacts.Objects[Digest.Of(Weights)] = [.. Weights.Select((b, i) => i == at ? (byte)(b ^ 1) : b)];

        await Refused(saved.Package, "model/weights.bin", "Restore");
    }

    [Fact]
    public async Task A_truncated_file_is_found()
    {
        var saved = await SaveAsync();
        artifacts.Objects[Digest.Of(Weights)] = Weights[..^1];

        await Refused(saved.Package, "model/weights.bin");
    }

    [Fact]
    public async Task A_missing_file_is_found()
    {
        var saved = await SaveAsync();
        artifacts.Objects.Remove(Digest.Of(Weights), out _);

        await Refused(saved.Package, "model/weights.bin", "missing");
    }

    [Fact]
    public async Task A_changed_manifest_is_found()
    {
        var saved = await SaveAsync();
        var text = Encoding.UTF8.GetString(artifacts.Objects[saved.Package]);
        artifacts.Objects[saved.Package] = Encoding.UTF8.GetBytes(text.Replace("\"own\"", "\"mlnet\"", StringComparison.Ordinal));

        await Refused(saved.Package, "manifest", "was changed");
    }

    [Fact]
    public async Task A_file_that_changes_after_the_package_was_opened_is_found_when_it_is_read()
    {
        var saved = await SaveAsync();
        var package = await ModelPackage.OpenAsync(artifacts, saved.Package, Cancel);
        artifacts.Objects[Digest.Of(Weights)] = Weights[..^1];

        var read = () => package.ReadAsync("model/weights.bin", Cancel);

        (await read.Should().ThrowAsync<CorruptedException>()).WithMessage("*model/weights.bin*");
    }

    [Theory]
    [InlineData("\"model/weights.bin\"", "\"model/../../evil\"", "model/../../evil")]
    [InlineData("\"model/weights.bin\"", "\"/model/weights\"", "/model/weights")]
    [InlineData("\"model/weights.bin\"", "\"weights.bin\"", "model/")]
    [InlineData("\"format\":1", "\"format\":2", "Update Mlops.Sdk")]
    [InlineData("\"format\":1", "\"format\":0", "format 0")]
    [InlineData("\"format\":1", "\"format\":7,\"unheard\":[1]", "Update Mlops.Sdk")]
    [InlineData("\"format\":1", "\"format\":1,\"unheard\":1", "not one of a model package")]
    [InlineData("\"format\":1", "\"format\": 1", "not canonical")]
    [InlineData("\"format\":1", "\"format\":1,\"format\":1", "not one of a model package")]
    [InlineData("\"length\":200000", "\"length\":199999", "model/weights.bin")]
    [InlineData("\"runtime\":\"own\"", "\"runtime\":null", "not one of a model package")]
    [InlineData("{", "[", "not one of a model package")]
    public async Task A_manifest_that_breaks_a_rule_is_refused(string old, string replacement, string named)
    {
        var saved = await SaveAsync();
        var text = Encoding.UTF8.GetString(artifacts.Objects[saved.Package]);
        text.Should().Contain(old);
        var changed = await artifacts.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal))), Cancel);

        await Refused(changed.Digest, named);
    }

    [Fact]
    public async Task A_manifest_that_lies_about_the_models_content_is_refused()
    {
        var saved = await SaveAsync();
        var text = Encoding.UTF8.GetString(artifacts.Objects[saved.Package]).Replace(saved.ModelDigest.Hex, Digest.Of("other"u8).Hex, StringComparison.Ordinal);
        var changed = await artifacts.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancel);

        await Refused(changed.Digest, "content digest");
    }

    [Fact]
    public async Task The_digest_of_a_file_is_not_a_package_and_the_message_says_so()
    {
        await SaveAsync();

        await Refused(Digest.Of(Weights), "ModelPackageBuilder.SaveAsync");
        var big = await artifacts.PutAsync(new MemoryStream(new byte[2 << 20]), Cancel);
        await Refused(big.Digest, "ModelPackageBuilder.SaveAsync");
    }

    [Fact]
    public async Task An_unknown_digest_is_not_found()
    {
        var open = () => ModelPackage.OpenAsync(artifacts, Digest.Of("none"u8), Cancel);

        (await open.Should().ThrowAsync<NotFoundException>()).WithMessage("*uses the store*");
    }

    [Fact]
    public async Task A_file_that_the_package_does_not_have_is_not_found_and_those_it_has_are_listed()
    {
        var package = await ModelPackage.OpenAsync(artifacts, (await SaveAsync()).Package, Cancel);

        var read = () => package.ReadAsync("model/other.bin", Cancel);

        (await read.Should().ThrowAsync<NotFoundException>()).WithMessage("*model/weights.bin*");
    }

    private Task<ModelPackageRef> SaveAsync() => new ModelPackageBuilder("own").AddFile("model/weights.bin", Weights).SaveAsync(artifacts, Cancel);

    private async Task Refused(Digest package, params string[] named)
    {
        var open = () => ModelPackage.OpenAsync(artifacts, package, Cancel);

        var message = (await open.Should().ThrowAsync<CorruptedException>()).Which.Message;
        message.Should().Contain(package.ToString());
        message.Should().ContainAll(named);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
