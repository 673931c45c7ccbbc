using Microsoft.Extensions.Logging;

namespace Mlops.Sdk.Tracking;

/// <summary>Finds out which code runs.</summary>
internal sealed class CodeReader(TrackingOptions options, TimeProvider time, ILogger log)
{
    private const int DiffLimit = 1024 * 1024;

    /// <summary>Commit, changes and diff; null when there is no git, no repository, no commit, or no time.</summary>
    public async Task<Snapshot?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!options.CaptureCode)
        {
            return null;
        }

        using var timeout = new CancellationTokenSource(options.GitTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Snapshot? snapshot = null;
        try
        {
            snapshot = await ReadAsync(options.SourceDirectory ?? Environment.CurrentDirectory, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Without a code version a run is poorer, but it runs.
        }

        if (snapshot is null)
        {
            Log.NoCodeVersion(log);
        }

        return snapshot;
    }

    private static async Task<Snapshot?> ReadAsync(string directory, CancellationToken cancellationToken)
    {
        var head = await GitProcess.RunAsync(directory, DiffLimit, ["rev-parse", "--verify", "HEAD"], cancellationToken).ConfigureAwait(false);
        var status = head is null ? null : await GitProcess.RunAsync(directory, DiffLimit, ["status", "--porcelain=v1"], cancellationToken).ConfigureAwait(false);
        if (head is null || status is null)
        {
            return null;
        }

        var lines = status.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var untracked = lines.Count(line => line.StartsWith("??", StringComparison.Ordinal));
        var changed = lines.Length - untracked;
        var diff = changed == 0 ? null
            : await GitProcess.RunAsync(directory, DiffLimit, ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "HEAD"], cancellationToken).ConfigureAwait(false);
        return new(head.Text.Trim(), changed, untracked, diff?.Content, diff?.Truncated ?? false);
    }

    /// <summary>What git said.</summary>
    internal sealed record Snapshot(string Commit, int ChangedFiles, int UntrackedFiles, byte[]? Diff, bool DiffTruncated);
}
