using System.Text;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Tests.Metadata;

public sealed class DigestScannerTests
{
    private static readonly Digest Digest = Digest.Of([1]);

    [Fact]
    public void A_digest_is_found_wherever_its_pieces_are_cut()
    {
        var text = Encoding.UTF8.GetBytes($"a {Digest} b {Digest.Of([2])}");
        for (var cut = 0; cut <= text.Length; cut++)
        {
            Found(text[..cut], text[cut..]).Should().Equal(DigestScanner.Half(Digest), DigestScanner.Half(Digest.Of([2])));
        }
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("x{0}", true)]
    [InlineData("\"sha256:{0}\"", true)]
    [InlineData("{0}0", true)]
    [InlineData("", false)]
    public void What_is_around_it_does_not_matter(string format, bool found)
    {
        Found(Encoding.UTF8.GetBytes(format.Replace("{0}", Digest.Hex, StringComparison.Ordinal))).Should().HaveCount(found ? 1 : 0);
        Found(Encoding.UTF8.GetBytes(Digest.Hex[1..])).Should().BeEmpty();
    }

    [Fact]
    public void Two_texts_are_not_read_as_one()
    {
        List<UInt128> found = [];
        var scanner = new DigestScanner(found.Add);
        scanner.Add(Encoding.UTF8.GetBytes(Digest.Hex[..32]));
        scanner.End();
        scanner.Add(Encoding.UTF8.GetBytes(Digest.Hex[32..]));
        scanner.Add($"{Digest}");

        found.Should().Equal(DigestScanner.Half(Digest));
    }

    private static List<UInt128> Found(params byte[][] pieces)
    {
        List<UInt128> found = [];
        var scanner = new DigestScanner(found.Add);
        foreach (var piece in pieces)
        {
            scanner.Add(piece);
        }

        return found;
    }
}
