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

    private static async Task RejectsAsync(Func<string, IArtifactStore> make, params string[] facts)
    {
        foreach (var fact in facts)
        {
            (await SuiteRunner.FailureAsync(() => new Suite(make), fact)).Should().NotBeNull($"{fact} must reject the store");
            (await SuiteRunner.FailureAsync(() => new Suite(root => new Files(root)), fact)).Should().BeNull($"{fact} must not blame an honest store");
        }

        (await SuiteRunner.FailureAsync(() => new Suite(make), nameof(ArtifactStoreConformance.What_is_not_there_is_null_or_not_found))).Should().BeNull("what the store does right must pass");
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

        public Task<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default) => Inner.DeleteAsync(digest, cancellationToken);

        public IAsyncEnumerable<ArtifactRef> ListAsync(CancellationToken cancellationToken = default) => Inner.ListAsync(cancellationToken);
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
}
