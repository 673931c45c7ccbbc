using Microsoft.Extensions.Options;
using Mlops.Sdk.Artifacts;

namespace Mlops.Sdk.Cli.Stores;

/// <summary>Copies artifacts that are missing from one folder to another. Each is verified while it is read, and again by the digest that the target gives it.</summary>
internal static class ArtifactCopy
{
    public static async Task RunAsync(string from, string to, Report report, Progress progress, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(from))
        {
            throw new NotFoundException($"There is no folder {from}. Name the artifacts of the source with --from-artifacts.");
        }

        var (source, target) = (Open(from), Open(to));
        await source.OpenAsync(cancellationToken);
        await target.OpenAsync(cancellationToken);
        long objects = 0, bytes = 0, copied = 0, same = 0;
        await foreach (var artifact in source.ListAsync(cancellationToken))
        {
            objects++;
            bytes += artifact.Length;
            progress.Report("Copying artifacts", objects);
            if (await target.FindAsync(artifact.Digest, cancellationToken) is { } there && there.Length == artifact.Length)
            {
                same++;
                continue;
            }

            await using var content = await source.OpenReadAsync(artifact.Digest, cancellationToken);
            if ((await target.PutAsync(content, cancellationToken)).Digest != artifact.Digest)
            {
                throw new CorruptedException($"The artifact {artifact.Digest} of {from} has other content than its digest says. Restore it from a backup; the copy goes on when it is run again.");
            }

            copied++;
        }

        report.Add("artifacts", objects, copied + same, FormattableString.Invariant($"{bytes} bytes, {copied} copied now"), "same");
    }

    private static FileArtifactStore Open(string root) => new(Options.Create(new FileArtifactOptions { Root = root }));
}
