using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mlops.Sdk.Metadata;

namespace Mlops.Sdk.Registry;

/// <summary>
/// Aliases in memory. The first question starts a reader of the change feed, which forgets what moved and reads again what grows old before anybody has to wait for it. Every answer is checked for its age,
/// so the bound on staleness does not depend on that reader.
/// </summary>
internal sealed class ModelAliasCache(IModelRegistry registry, IMetadataStore store, IOptions<MlopsOptions> mlops, IOptions<RegistryOptions> options, TimeProvider clock, ILogger<ModelAliasCache> log)
    : IModelAliases, IAsyncDisposable, IDisposable
{
    private const int MaxEntries = 10_000;
    private readonly ConcurrentDictionary<(string Model, string Alias), Entry> entries = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly long maxAge = (long)(options.Value.AliasMaxAge.TotalSeconds * clock.TimestampFrequency);
    private readonly TimeSpan look = options.Value.AliasMaxAge / 4;
    private long forgotten;
    private Task? follower;

    /// <summary>The reader of the change feed; completed when there is none.</summary>
    internal Task Following => Volatile.Read(ref follower) ?? Task.CompletedTask;

    public ValueTask<ModelVersion> ResolveAsync(string model, string alias, CancellationToken cancellationToken = default)
    {
        if (entries.TryGetValue((model, alias), out var entry) && clock.GetTimestamp() - entry.Read <= maxAge)
        {
            if (!entry.Used)
            {
                entry.Used = true;
            }

            return new(entry.Version);
        }

        return new(ReadAsync(model, alias, used: true, cancellationToken));
    }

    public void Dispose() => stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task<ModelVersion> ReadAsync(string model, string alias, bool used, CancellationToken cancellationToken)
    {
        Follow();
        var (before, read) = (Interlocked.Read(ref forgotten), clock.GetTimestamp());
        var version = await registry.GetVersionByAliasAsync(model, alias, cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            // Not when something moved meanwhile: it may have been this alias.
            if (forgotten == before)
            {
                if (entries.Count >= MaxEntries)
                {
                    entries.Clear();
                }

                entries[(model, alias)] = new(version, read) { Used = used };
            }
        }

        return version;
    }

    private void Follow()
    {
        if (Volatile.Read(ref follower) is not null || !mlops.Value.Workers)
        {
            return;
        }

        lock (gate)
        {
            // Without the caller's context: what runs here belongs to no request.
            using (ExecutionContext.SuppressFlow())
            {
                follower ??= Task.Run(FollowAsync);
            }
        }
    }

    private async Task FollowAsync()
    {
        long position = 0;
        var wait = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var page = await store.ReadEventsAsync(new() { AfterPosition = position, Kinds = [RegistryEntities.AliasKind], Limit = 1000, Wait = wait }, stopping.Token).ConfigureAwait(false);
                foreach (var stored in page.Items.Where(stored => stored.Subject.Workspace == mlops.Value.Workspace))
                {
                    Forget(RegistryEntities.Split(stored.Subject));
                }

                // What is history is read page by page, without waiting.
                (position, wait) = page.Items.Count > 0 ? (page.Items[^1].Position, wait) : (position, look);
                await RefreshAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                Log.AliasFeedFailed(log, look.TotalSeconds, e);
                await Task.Delay(look, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Forget((string Model, string Alias) alias)
    {
        lock (gate)
        {
            forgotten++;
            entries.TryRemove(alias, out _);
        }
    }

    /// <summary>Reads again what was asked for since it was read and is past half its time, and forgets what is too old.</summary>
    private async Task RefreshAsync()
    {
        foreach (var (alias, entry) in entries)
        {
            var age = clock.GetTimestamp() - entry.Read;
            if (age > maxAge)
            {
                entries.TryRemove(new(alias, entry));
            }
            else if (age > maxAge / 2 && entry.Used)
            {
                try
                {
                    await ReadAsync(alias.Model, alias.Alias, used: false, stopping.Token).ConfigureAwait(false);
                }
                catch (NotFoundException)
                {
                    entries.TryRemove(new(alias, entry));
                }
            }
        }
    }

    private sealed class Entry(ModelVersion version, long read)
    {
        public ModelVersion Version => version;

        /// <summary>The timestamp before it was read.</summary>
        public long Read => read;

        /// <summary>Whether it was asked for.</summary>
        public volatile bool Used;
    }
}
