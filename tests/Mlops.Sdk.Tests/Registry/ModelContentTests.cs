using System.IO.Compression;
using CsCheck;
using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Tests.Registry;

public sealed class ModelContentTests
{
    private static readonly Gen<(string Name, byte[] Bytes)[]> Entries =
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 1, 3], Gen.Byte.Array[0, 20]).Array[1, 5].Select(entries => entries.DistinctBy(e => e.Item1).ToArray());

    [Fact]
    public void A_zip_counts_as_its_entries_whatever_their_order_time_and_compression() =>
        Entries.Sample(entries =>
        {
            var plain = DigestOf(Zip(entries, CompressionLevel.NoCompression, 1990));
            DigestOf(Zip([.. entries.Reverse()], CompressionLevel.SmallestSize, 2020)).Should().Be(plain);
        });

    [Fact]
    public void Different_entries_give_different_digests() =>
        Gen.Select(Entries, Entries).Sample((one, other) =>
        {
            var equal = one.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => (e.Name, Convert.ToHexString(e.Bytes)))
                .SequenceEqual(other.OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => (e.Name, Convert.ToHexString(e.Bytes))));
            (DigestOf(Zip(one, CompressionLevel.Fastest, 2000)) == DigestOf(Zip(other, CompressionLevel.Fastest, 2000))).Should().Be(equal);
        });

    [Fact]
    public void A_file_that_is_no_zip_counts_as_its_bytes_even_when_it_begins_like_one()
    {
        byte[] like = [(byte)'P', (byte)'K', 3, 4, 5, 6, 7];

        DigestOf(like).Should().Be(Digest.Of(like));
        DigestOf([]).Should().Be(Digest.Of([]));
        DigestOf(new byte[300_000]).Should().Be(Digest.Of(new byte[300_000]));
    }

    [Fact]
    public void Several_files_count_by_path_and_content_in_any_order()
    {
        KeyValuePair<string, Digest> a = new("model/a", Digest.Of([1])), b = new("model/b", Digest.Of([2]));

        ModelContent.Combine([a, b]).Should().Be(ModelContent.Combine([b, a]));
        ModelContent.Combine([a, b]).Should().NotBe(ModelContent.Combine([new("model/a", b.Value), new("model/b", a.Value)]));
        ModelContent.Combine([a]).Should().NotBe(ModelContent.Combine([a, b])).And.NotBe(a.Value);
    }

    private static Digest DigestOf(byte[] bytes) => ModelContent.DigestAsync(new MemoryStream(bytes)).GetAwaiter().GetResult();

    private static byte[] Zip((string Name, byte[] Bytes)[] entries, CompressionLevel level, int year)
    {
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                var entry = zip.CreateEntry(name, level);
                entry.LastWriteTime = new DateTimeOffset(year, 5, 6, 7, 8, 10, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(bytes);
            }
        }

        return output.ToArray();
    }
}
