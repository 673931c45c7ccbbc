using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class ArtifactManifestTests
{
    private static readonly Digest One = Digest.Of("one"u8), Two = Digest.Of("two"u8);

    private const string Golden =
        """{"files":[{"digest":"sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3","length":3,"path":"Z.txt"},{"digest":"sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed","length":3,"path":"a/\u00E9.txt"}],"format":1}""";

    [Fact]
    public void The_stored_form_never_changes()
    {
        var manifest = new ArtifactManifest([new("a/é.txt", One, 3), new("Z.txt", Two, 3)]);
        Encoding.UTF8.GetString(manifest.ToBytes()).Should().Be(Golden);
        manifest.Digest.Should().Be(Digest.Of(Encoding.UTF8.GetBytes(Golden)));
        ArtifactManifest.Parse(Encoding.UTF8.GetBytes(Golden)).Entries.Should().Equal(new ArtifactEntry("Z.txt", Two, 3), new ArtifactEntry("a/é.txt", One, 3));
    }

    [Fact]
    public void The_order_of_the_entries_does_not_matter() =>
        new ArtifactManifest([new("a", One, 3), new("b", Two, 3)]).Digest.Should().Be(new ArtifactManifest([new("b", Two, 3), new("a", One, 3)]).Digest)
            .And.NotBe(new ArtifactManifest([new("a", Two, 3), new("b", One, 3)]).Digest);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "A")]
    [InlineData("é", "e\u0301")]
    [InlineData("Model/x", "model/X")]
    [InlineData("a", "a/b")]
    [InlineData("A", "a/b/c")]
    public void Paths_that_collide_on_some_file_system_are_refused(string first, string second) =>
        FluentActions.Invoking(() => new ArtifactManifest([new(first, One, 3), new(second, Two, 3)])).Should().Throw<ArgumentException>().WithMessage("*Rename one*");

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"files":[]}""")]
    [InlineData("""{"files":null,"format":1}""")]
    [InlineData("""{"files":[null],"format":1}""")]
    [InlineData("""{"files":[],"format":1,"more":1}""")]
    [InlineData("""{"files":[], "format":1}""")]
    [InlineData("""{"format":1,"files":[]}""")]
    [InlineData("""{"files":[],"format":0}""")]
    [InlineData("""{"files":[{"digest":"md5:x","length":3,"path":"a"}],"format":1}""")]
    [InlineData("""{"files":[{"digest":"sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3","length":3,"path":"../a"}],"format":1}""")]
    [InlineData("""{"files":[{"digest":"sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3","length":-3,"path":"a"}],"format":1}""")]
    public void What_is_not_canonical_is_refused(string json) =>
        FluentActions.Invoking(() => ArtifactManifest.Parse(Encoding.UTF8.GetBytes(json))).Should().Throw<CorruptedException>();

    [Fact]
    public void A_newer_format_is_refused_with_the_remedy() =>
        FluentActions.Invoking(() => ArtifactManifest.Parse("""{"files":{"new":1},"format":2,"more":1}"""u8)).Should().Throw<CorruptedException>().WithMessage("*format 2*Update Mlops.Sdk*");
}
