using System.Text;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Tests.Artifacts;

public sealed class DigestTests
{
    [Fact]
    public void The_digest_of_abc_is_the_one_in_the_specification() =>
        // FIPS 180-2, appendix B.1
        Digest.Of(Encoding.ASCII.GetBytes("abc")).Hex.Should().Be("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Theory]
    [InlineData("")]
    [InlineData("sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("md5:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../../../e")]
    public void What_is_not_a_digest_is_refused(string text) =>
        FluentActions.Invoking(() => Digest.Parse(text)).Should().Throw<FormatException>().WithMessage("*sha256:<64*");
}
