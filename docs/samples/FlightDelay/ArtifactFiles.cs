using Mlops.Sdk.Artifacts;

namespace FlightDelay;

/// <summary>Artifacts as files, for what reads and writes paths. Every attempt of a step gets its own folder, which goes away with the attempt.</summary>
public sealed class ArtifactFiles(IArtifactStore artifacts) : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("flight-delay-");

    /// <summary>A path in the folder.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Copies an artifact into the folder. It is verified on the way.</summary>
    public async Task<string> FetchAsync(ArtifactRef artifact, string name, CancellationToken cancellationToken)
    {
        await using var content = await artifacts.OpenReadAsync(artifact.Digest, cancellationToken);
        await using var file = File.Create(PathOf(name));
        await content.CopyToAsync(file, cancellationToken);
        return file.Name;
    }

    /// <summary>Stores a file.</summary>
    public async Task<ArtifactRef> StoreAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await artifacts.PutAsync(file, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Delete(recursive: true);
}
