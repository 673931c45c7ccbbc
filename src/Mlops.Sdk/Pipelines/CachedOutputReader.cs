using Mlops.Sdk.Artifacts;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Pipelines;

/// <summary>The outcome of a finished execution.</summary>
internal sealed record CachedOutput<TOut>(string Attempt, Digest Output, TOut Value);

/// <summary>Reads the stored outcome of a key, and believes nothing: whatever is missing or not what was stored is a miss.</summary>
internal sealed class CachedOutputReader<TOut>(PipelineEngine engine)
{
    /// <summary>The outcome; or why there is none, with the revision of the stored result that cannot be used.</summary>
    public async Task<(CachedOutput<TOut>? Hit, string? Problem, long? Revision)> ReadAsync(Digest key, CancellationToken cancellationToken)
    {
        if (await engine.Steps.FindResultAsync(key, cancellationToken).ConfigureAwait(false) is not { } found)
        {
            return (null, null, null);
        }

        if (found.Record is not { } record)
        {
            return (null, "its record cannot be read", found.Revision);
        }

        var (text, missing) = await TextAsync(record, cancellationToken).ConfigureAwait(false);
        if (text is null)
        {
            return (null, missing, found.Revision);
        }

        var decoded = engine.Codec.TryDecode<TOut>(text, out var value);
        if (decoded is null || decoded.Digest != record.Output)
        {
            return (null, "it is not the value that was stored", found.Revision);
        }

        foreach (var artifact in decoded.Artifacts)
        {
            if (await CheckAsync(artifact, read: engine.Options.VerifyArtifacts, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                return (null, problem, found.Revision);
            }
        }

        foreach (var package in decoded.Packages)
        {
            if (await CheckPackageAsync(package, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                return (null, problem, found.Revision);
            }
        }

        return (new(record.Attempt, record.Output, value), null, found.Revision);
    }

    private async Task<(byte[]? Text, string? Problem)> TextAsync(ResultRecord record, CancellationToken cancellationToken)
    {
        if (record.Artifact is not { } artifact)
        {
            return record.Value.ValueKind == System.Text.Json.JsonValueKind.Undefined
                ? (null, "its record is incomplete")
                : (System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(record.Value).ToArray(), null);
        }

        using var content = new MemoryStream();
        var problem = await CopyAsync(artifact.Digest, content, cancellationToken).ConfigureAwait(false);
        return problem is null ? (content.ToArray(), null) : (null, problem);
    }

    private async Task<string?> CheckAsync(ArtifactRef artifact, bool read, CancellationToken cancellationToken)
    {
        var found = await engine.Artifacts.FindAsync(artifact.Digest, cancellationToken).ConfigureAwait(false);
        return found is null ? $"the artifact {artifact.Digest} is gone"
            : found.Length != artifact.Length && !read ? $"the artifact {artifact.Digest} has {found.Length} bytes instead of {artifact.Length}"
            : read ? await CopyAsync(artifact.Digest, Stream.Null, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<string?> CheckPackageAsync(Digest package, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        if (await CopyAsync(package, content, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            return problem;
        }

        try
        {
            foreach (var file in ModelPackageManifest.Parse(content.ToArray()).Files)
            {
                if (await CheckAsync(new(file.Digest, file.Length), engine.Options.VerifyArtifacts, cancellationToken).ConfigureAwait(false) is { } broken)
                {
                    return $"of the model package {package}, {broken}";
                }
            }

            return null;
        }
        catch (CorruptedException e)
        {
            return $"the model package {package} cannot be read ({e.Message})";
        }
    }

    private async Task<string?> CopyAsync(Digest artifact, Stream target, CancellationToken cancellationToken)
    {
        try
        {
            var source = await engine.Artifacts.OpenReadAsync(artifact, cancellationToken).ConfigureAwait(false);
            await using var _ = source.ConfigureAwait(false);
            await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (NotFoundException)
        {
            return $"the artifact {artifact} is gone";
        }
        catch (CorruptedException)
        {
            // Out of the way, so that the step can store the right bytes under the same address.
            await engine.Artifacts.DeleteAsync(artifact, cancellationToken).ConfigureAwait(false);
            return $"the artifact {artifact} was corrupted, and is removed";
        }
    }
}
