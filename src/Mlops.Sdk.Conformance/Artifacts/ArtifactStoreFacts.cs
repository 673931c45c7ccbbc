using Xunit;

namespace Mlops.Sdk.Artifacts;

/// <summary>The facts of <see cref="ArtifactStoreConformance"/>.</summary>
public abstract class ArtifactStoreFacts : ArtifactSuite
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(131_072)]
    [InlineData(3_000_001)]
    public virtual async Task What_was_put_is_read_back(int length)
    {
        var content = Content(length);
        var stored = await PutAsync(content);
        Assert.Equal(new(Digest.Of(content), length), stored);
        Assert.Equal(stored, await Store.FindAsync(stored.Digest, Token));
        Assert.Equal(content, await ReadAsync(stored.Digest));
        Assert.Equal(content, await Store.ReadBytesAsync(stored.Digest, cancellationToken: Token));
    }

    [Fact]
    public virtual async Task An_upload_begins_at_the_position_of_its_stream_and_may_come_in_drops()
    {
        using var stream = new MemoryStream("skipped,kept"u8.ToArray()) { Position = 8 };
        Assert.Equal(Digest.Of("kept"u8), (await Store.PutAsync(stream, Token)).Digest);
        var content = Content(3000);
        await using var drops = new OddStream(content, 7);
        var stored = await Store.PutAsync(drops, Token);
        Assert.Equal(new(Digest.Of(content), 3000), stored);
        Assert.Equal(content, await ReadAsync(stored.Digest));
    }

    [Fact]
    public virtual async Task What_is_not_there_is_null_or_not_found()
    {
        var digest = Digest.Of("nowhere"u8);
        Assert.Null(await Store.FindAsync(digest, Token));
        Assert.False(await Store.DeleteAsync(digest, Token));
        var e = await Assert.ThrowsAsync<NotFoundException>(() => Store.OpenReadAsync(digest, Token));
        Assert.Contains(digest.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public virtual async Task Equal_uploads_converge_on_one_object()
    {
        var content = Content(50_000);
        var stored = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => PutAsync(content))));
        Assert.Single(stored.Distinct());
        Assert.Equal([stored[0]], await ListAsync());
        Assert.Equal(content, await ReadAsync(stored[0].Digest));
    }

    [Fact]
    public virtual async Task Every_complete_object_is_listed()
    {
        var stored = new List<ArtifactRef>();
        for (var i = 0; i < 40; i++)
        {
            stored.Add(await PutAsync(Content(i)));
        }

        Assert.Equal(stored, (await ListAsync()).OrderBy(a => a.Length));
        Assert.True(await Store.DeleteAsync(stored[7].Digest, Token));
        Assert.Equal(stored.Where(a => a.Length != 7), (await ListAsync()).OrderBy(a => a.Length));
    }

    [Fact]
    public virtual async Task A_deleted_object_is_gone_once_and_can_be_put_again()
    {
        var stored = await PutAsync(Content(100));
        var deleted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.DeleteAsync(stored.Digest, Token))));
        Assert.Single(deleted, d => d);
        Assert.Null(await Store.FindAsync(stored.Digest, Token));
        await Assert.ThrowsAsync<NotFoundException>(() => Store.OpenReadAsync(stored.Digest, Token));
        Assert.Equal(stored, await PutAsync(Content(100)));
        Assert.Equal(Content(100), await ReadAsync(stored.Digest));
    }

    [Fact]
    public virtual async Task A_failed_upload_leaves_nothing_behind()
    {
        var content = Content(300_000);
        await using var failing = new OddStream(content, 64_000) { FailAfter = 200_000 };
        var e = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.PutAsync(failing, Token));
        Assert.Equal("the uploader failed", e.Message);
        Assert.Empty(await ListAsync());
        Assert.Null(await Store.FindAsync(Digest.Of(content), Token));
        Assert.Null(await Store.FindAsync(Digest.Of(content.AsSpan(0, 192_000)), Token));
    }

    [Fact]
    public virtual async Task A_cancelled_upload_leaves_nothing_behind()
    {
        var content = Content(300_000);
        using var source = new CancellationTokenSource();
        await using var cancelling = new OddStream(content, 64_000) { OnRead = read => { if (read > 100_000) { source.Cancel(); } } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync(cancelling, source.Token));
        Assert.Empty(await ListAsync());
        Assert.Equal(content, await ReadAsync((await PutAsync(content)).Digest));
    }

    [Fact]
    public virtual async Task Every_member_honours_a_cancelled_token()
    {
        var stored = await PutAsync(Content(10));
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutBytesAsync(Content(20), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.FindAsync(stored.Digest, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.OpenReadAsync(stored.Digest, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync(stored.Digest, cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Store.ListAsync(cancelled))
            {
            }
        });
        Assert.Equal([stored], await ListAsync());
    }

    [Fact]
    public virtual async Task Damage_is_reported_instead_of_the_end()
    {
        foreach (var damage in Enum.GetValues<ArtifactDamage>())
        {
            var stored = await PutAsync(Content(100_000 + (int)damage));
            Assert.SkipUnless(await DamageAsync(Store, stored.Digest, damage), "This store's bytes cannot be damaged from outside.");
            await Assert.ThrowsAsync<CorruptedException>(() => ReadAsync(stored.Digest));
            await Assert.ThrowsAsync<CorruptedException>(() => Store.ReadBytesAsync(stored.Digest, cancellationToken: Token));
        }
    }

    [Fact]
    public virtual async Task Putting_the_original_again_heals_damage()
    {
        var stored = await PutAsync(Content(1000));
        Assert.SkipUnless(await DamageAsync(Store, stored.Digest, ArtifactDamage.FlippedByte), "This store's bytes cannot be damaged from outside.");
        await PutAsync(Content(1000));
        Assert.Equal(Content(1000), await ReadAsync(stored.Digest));
    }

    [Fact]
    public virtual async Task Everything_is_there_after_reopening()
    {
        var stored = await PutAsync(Content(1000));
        await ReopenAsync();
        Assert.Equal(stored, await Store.FindAsync(stored.Digest, Token));
        Assert.Equal(Content(1000), await ReadAsync(stored.Digest));
        Assert.Equal([stored], await ListAsync());
    }

    [Fact]
    public virtual async Task Readers_and_writers_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                var content = Content(1000 + ((i + round) % 5));
                Assert.Equal(content, await ReadAsync((await PutAsync(content)).Digest));
            }
        })));
        Assert.Equal(5, (await ListAsync()).Count);
    }

    [Fact]
    public virtual async Task A_manifest_round_trips_through_the_store()
    {
        var file = await PutAsync(Content(5));
        var manifest = new ArtifactManifest([new("b/é😀.bin", file.Digest, 5), new("a.txt", file.Digest, 5)]);
        Assert.Equal(manifest.Digest, (await Store.PutManifestAsync(manifest, Token)).Digest);
        Assert.Equal(manifest.Entries, (await Store.ReadManifestAsync(manifest.Digest, Token)).Entries);
        await Assert.ThrowsAsync<CorruptedException>(() => Store.ReadManifestAsync(file.Digest, Token));
        await Assert.ThrowsAsync<MlopsException>(() => Store.ReadBytesAsync(file.Digest, 4, Token));
    }
}
