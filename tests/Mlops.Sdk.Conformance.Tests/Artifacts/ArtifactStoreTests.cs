using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Conformance.Tests.Artifacts;

public sealed class InMemoryArtifactStoreTests : ArtifactStoreConformance
{
    protected override Task<IArtifactStore> CreateAsync() => Task.FromResult<IArtifactStore>(new InMemoryArtifactStore());
}

public sealed class FileArtifactStoreTests : ArtifactStoreConformance
{
    private readonly string root = Directory.CreateTempSubdirectory("mlops-artifacts-").FullName;

    protected override async Task<IArtifactStore> CreateAsync()
    {
        var store = new FileArtifactStore(Options.Create(new FileArtifactOptions { Root = root }));
        await store.OpenAsync(Token);
        return store;
    }

    protected override async Task<IArtifactStore?> ReopenAsync(IArtifactStore store) => await CreateAsync();

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

internal static class FileDamage
{
    public static string PathOf(string root, Digest digest) => Path.Combine(root, "sha256", digest.Hex[..2], digest.Hex[2..4], digest.Hex);

    public static void Apply(string root, Digest digest, ArtifactDamage damage)
    {
        using var file = new FileStream(PathOf(root, digest), FileMode.Open, FileAccess.ReadWrite);
        switch (damage)
        {
            case ArtifactDamage.FlippedByte:
                file.Position = file.Length / 2;
                var old = file.ReadByte();
                file.Position--;
                file.WriteByte((byte)(old ^ 1));
                break;
            case ArtifactDamage.Extended:
                file.Position = file.Length;
                file.WriteByte(0);
                break;
            default:
                file.SetLength(damage == ArtifactDamage.Emptied ? 0 : file.Length - 1);
                break;
        }
    }
}
