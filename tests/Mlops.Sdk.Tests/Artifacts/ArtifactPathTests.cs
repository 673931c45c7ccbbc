using CsCheck;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class ArtifactPathTests
{
    [Theory]
    [InlineData("model.zip")]
    [InlineData("model/model.zip")]
    [InlineData("a/b/c/d.tar.gz")]
    [InlineData(".hidden")]
    [InlineData("..two-dots-first")]
    [InlineData("with space/in name.txt")]
    [InlineData("naïve/ключ/鍵/😀.bin")]
    [InlineData("100%")]
    [InlineData("100%-sure/50% off")]
    [InlineData("console/nullable/com/auxiliary.txt")]
    [InlineData("~/x")]
    [InlineData("$HOME/-rf")]
    public void A_plain_path_is_fine(string path) => ArtifactPath.Problem(path).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData("//server/share")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./b")]
    [InlineData("a/..")]
    [InlineData("...")]
    [InlineData("a/.. /b")]
    [InlineData("a\\..\\b")]
    [InlineData("..\\x")]
    [InlineData("\\\\server\\share")]
    [InlineData("\\\\?\\C:\\x")]
    [InlineData("C:\\x")]
    [InlineData("C:/x")]
    [InlineData("C:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("x.txt:stream")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\tb")]
    [InlineData("a\u007fb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("%2e%2e/x")]
    [InlineData("%2E%2E%2Fx")]
    [InlineData("a%2fb")]
    [InlineData("a%5cb")]
    [InlineData("a%00")]
    [InlineData("a%252e")]
    [InlineData("CON")]
    [InlineData("con")]
    [InlineData("a/NUL")]
    [InlineData("nul.txt")]
    [InlineData("COM1")]
    [InlineData("com9.tar.gz/x")]
    [InlineData("COM¹")]
    [InlineData("lpt1 .txt")]
    [InlineData("aux/x")]
    [InlineData("PRN.")]
    [InlineData("CONIN$")]
    [InlineData("x.")]
    [InlineData("x ")]
    [InlineData(" x")]
    [InlineData("a./b")]
    [InlineData("a /b")]
    [InlineData("a*")]
    [InlineData("a?b")]
    [InlineData("<a>")]
    [InlineData("a|b")]
    [InlineData("\"a\"")]
    public void A_path_that_escapes_or_means_something_else_elsewhere_is_refused(string path)
    {
        ArtifactPath.Problem(path).Should().NotBeNull();
        FluentActions.Invoking(() => ArtifactPath.Validate(path)).Should().Throw<ArgumentException>().WithMessage("*Use a relative path*");
        FluentActions.Invoking(() => new ArtifactManifest([new(path, Digest.Of("x"u8), 1)])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Half_a_character_is_refused()
    {
        ArtifactPath.Problem("a" + '\ud83d').Should().Contain("surrogate");
        ArtifactPath.Problem("a" + '\ude00' + "b").Should().Contain("surrogate");
    }

    [Fact]
    public void Long_paths_and_segments_are_refused()
    {
        ArtifactPath.Problem(new string('x', ArtifactPath.MaxSegmentBytes)).Should().BeNull();
        ArtifactPath.Problem(new string('x', ArtifactPath.MaxSegmentBytes + 1)).Should().NotBeNull();
        ArtifactPath.Problem(new string('鍵', 86)).Should().NotBeNull("it has 258 bytes");
        ArtifactPath.Problem(string.Concat(Enumerable.Repeat("x/", ArtifactPath.MaxLength / 2)) + "x").Should().NotBeNull();
    }

    [Fact]
    public void What_is_accepted_stays_inside_its_folder()
    {
        var folder = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "inside"));
        string[] parts = ["a", "..", ".", "/", "\\", "%2e", "C:", " ", "...", "~", "\0", "x"];
        Check.Sample(Gen.Int[0, parts.Length - 1].Array[0, 8], chosen =>
        {
            var path = string.Concat(chosen.Select(i => parts[i]));
            return ArtifactPath.Problem(path) is not null || Path.GetFullPath(Path.Combine(folder, path)).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        });
    }
}
