using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Conformance.Tests.Artifacts;

public sealed class BrokenArtifactStoreTests
{
    [Fact]
    public Task A_store_that_returns_unverified_bytes_is_rejected() => RejectsAsync(root => new Unverified(root), nameof(ArtifactStoreConformance.Damage_is_reported_instead_of_the_end));

    [Fact]
    public Task A_store_that_shows_unfinished_uploads_is_rejected() => RejectsAsync(
        root => new ShowsUnfinished(root),
        nameof(ArtifactStoreConformance.A_failed_upload_leaves_nothing_behind),
        nameof(ArtifactStoreConformance.A_cancelled_upload_leaves_nothing_behind));

    [Fact]
    public Task A_store_that_keeps_a_damaged_object_is_rejected() => RejectsAsync(root => new KeepsTheOld(root), nameof(ArtifactStoreConformance.Putting_the_original_again_heals_damage));

    [Fact]
    public Task A_store_that_verifies_nothing_but_the_length_is_rejected() => RejectsAsync(root => new VerifiesLength(root), nameof(ArtifactStoreConformance.Damage_is_reported_instead_of_the_end));

    [Fact]
    public Task A_store_that_rewinds_its_uploads_is_rejected() => RejectsAsync(root => new Rewinds(root), nameof(ArtifactStoreConformance.An_upload_begins_at_the_position_of_its_stream_and_may_come_in_drops));

    [Fact]
    public Task A_store_that_takes_one_read_for_all_is_rejected() => RejectsAsync(root => new ReadsOnce(root), nameof(ArtifactStoreConformance.An_upload_begins_at_the_position_of_its_stream_and_may_come_in_drops));

    [Fact]
    public Task A_store_that_blames_itself_for_a_failed_upload_is_rejected() => RejectsAsync(root => new WrapsFailures(root), nameof(ArtifactStoreConformance.A_failed_upload_leaves_nothing_behind));

    [Fact]
    public Task A_store_that_does_not_stop_is_rejected() => RejectsAsync(
        root => new NeverCancels(root),
        nameof(ArtifactStoreConformance.Every_member_honours_a_cancelled_token),
        nameof(ArtifactStoreConformance.A_cancelled_upload_leaves_nothing_behind));

    [Fact]
    public Task A_store_that_deletes_by_hope_is_rejected() => RejectsAsync(root => new DeletesByHope(root), nameof(ArtifactStoreConformance.A_deleted_object_is_gone_once_and_can_be_put_again));

    [Fact]
    public Task A_store_that_lists_one_page_is_rejected() => RejectsAsync(root => new ListsOnePage(root), nameof(ArtifactStoreConformance.Every_complete_object_is_listed));

    private static async Task RejectsAsync(Func<string, IArtifactStore> make, params string[] facts)
    {
        foreach (var fact in facts)
        {
            (await SuiteRunner.FailureAsync(() => new Suite(make), fact)).Should().NotBeNull($"{fact} must reject the store");
            (await SuiteRunner.FailureAsync(() => new Suite(root => new Files(root)), fact)).Should().BeNull($"{fact} must not blame an honest store");
        }

        (await SuiteRunner.FailureAsync(() => new Suite(make), nameof(ArtifactStoreConformance.A_manifest_round_trips_through_the_store))).Should().BeNull("what the store does right must pass");
    }

    private sealed class Suite(Func<string, IArtifactStore> make) : ArtifactStoreConformance
    {
        private readonly string root = Directory.CreateTempSubdirectory("mlops-artifacts-").FullName;

        protected override async Task<IArtifactStore> CreateAsync()
        {
            var store = make(root);
            await store.OpenAsync(Token);
            return store;
        }

        protected override Task<bool> DamageAsync(IArtifactStore store, Digest digest, ArtifactDamage damage)
        {
            FileDamage.Apply(root, digest, damage);
            return Task.FromResult(true);
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(root, recursive: true);
        }
    }

    private class Files(string root) : IArtifactStore
    {
        protected FileArtifactStore Inner { get; } = new(Options.Create(new FileArtifactOptions { Root = root }));

        public Task OpenAsync(CancellationToken cancellationToken = default) => Inner.OpenAsync(cancellationToken);

        public virtual Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default) => Inner.PutAsync(content, cancellationToken);

        public Task<ArtifactRef?> FindAsync(Digest digest, CancellationToken cancellationToken = default) => Inner.FindAsync(digest, cancellationToken);

        public virtual Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default) => Inner.OpenReadAsync(digest, cancellationToken);

        public virtual Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => Inner.DeleteAsync(digest, cancellationToken);

        public virtual IAsyncEnumerable<ArtifactRef> ListAsync(CancellationToken cancellationToken = default) => Inner.ListAsync(cancellationToken);
    }

    private sealed class Unverified(string root) : Files(root)
    {
        private readonly string folder = root;

        public override async Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default)
        {
            await (await Inner.OpenReadAsync(digest, cancellationToken)).DisposeAsync();
            return File.OpenRead(FileDamage.PathOf(folder, digest));
        }
    }

    private sealed class ShowsUnfinished(string root) : Files(root)
    {
        public override async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
        {
            using var begun = new MemoryStream();
            try
            {
                await content.CopyToAsync(begun, cancellationToken);
            }
            finally
            {
                begun.Position = 0;
                await Inner.PutAsync(begun, CancellationToken.None);
            }

            return (await Inner.FindAsync(Digest.Of(begun.ToArray()), cancellationToken))!;
        }
    }

    private sealed class KeepsTheOld(string root) : Files(root)
    {
        public override async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken);
            copy.Position = 0;
            return await Inner.FindAsync(Digest.Of(copy.ToArray()), cancellationToken) ?? await Inner.PutAsync(copy, cancellationToken);
        }
    }

    private sealed class VerifiesLength(string root) : Files(root)
    {
        private readonly string folder = root;
        private readonly System.Collections.Concurrent.ConcurrentDictionary<Digest, long> lengths = new();

        public override async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
        {
            var stored = await Inner.PutAsync(content, cancellationToken);
            lengths[stored.Digest] = stored.Length;
            return stored;
        }

        public override async Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellationToken = default)
        {
            await (await Inner.OpenReadAsync(digest, cancellationToken)).DisposeAsync();
            var bytes = await File.ReadAllBytesAsync(FileDamage.PathOf(folder, digest), cancellationToken);
            return bytes.Length == lengths[digest] ? new MemoryStream(bytes, writable: false) : throw new CorruptedException("The length is another.");
        }
    }

    private sealed class Rewinds(string root) : Files(root)
    {
        public override Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
        {
            content.Position = content.CanSeek ? 0 : throw new NotSupportedException();
            return Inner.PutAsync(content, cancellationToken);
        }
    }

    private sealed class ReadsOnce(string root) : Files(root)
    {
        public override async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
        {
            var buffer = new byte[8 * 1024 * 1024];
            return await Inner.PutBytesAsync(buffer.AsMemory(0, await content.ReadAsync(buffer, cancellationToken)), cancellationToken);
        }
    }

    private sealed class WrapsFailures(string root) : Files(root)
    {
        public override async Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default)
        {
            try
            {
                return await Inner.PutAsync(content, cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new MlopsException("The upload failed.", e);
            }
        }
    }

    private sealed class NeverCancels(string root) : Files(root)
    {
        public override Task<ArtifactRef> PutAsync(Stream content, CancellationToken cancellationToken = default) => Inner.PutAsync(content, CancellationToken.None);
    }

    private sealed class DeletesByHope(string root) : Files(root)
    {
        public override async Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default)
        {
            await Inner.DeleteAsync(digest, cancellationToken);
            return true;
        }
    }

    private sealed class ListsOnePage(string root) : Files(root)
    {
        public override IAsyncEnumerable<ArtifactRef> ListAsync(CancellationToken cancellationToken = default) => base.ListAsync(cancellationToken).Take(10);
    }
}
