using Microsoft.Extensions.Logging;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>Brings one predictor to the version that its alias points at: one load at a time, and what is served stays until its successor has proved itself.</summary>
internal abstract class AliasedModel(string model, PredictorOptions options, ModelLoader loader, ServingMetrics metrics, TimeProvider time, ILogger log) : IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim single = new(1, 1);
    private ServingState state = ServingState.Starting;
    private long? refusedRevision;
    private int refusals;
    private long refusedAt;

    public string Model { get; } = model;

    public string Alias { get; } = options.Alias;

    public ServingState State => Volatile.Read(ref state);

    public abstract bool IsDisposed { get; }

    /// <summary>How many predictions all versions have made.</summary>
    public abstract long Predictions { get; }

    /// <summary>Generations that hold a model in memory: 1, and more only while calls into an old one are running.</summary>
    public abstract int LiveGenerations { get; }

    protected ILogger Logger => log;

    protected ServingMetrics Metrics => metrics;

    /// <summary>When to look again if nothing is heard: sooner after a refusal, doubling up to <see cref="PredictorOptions.Recheck"/>.</summary>
    public TimeSpan NextLook => refusals == 0
        ? options.Recheck
        : TimeSpan.FromTicks(Math.Min(options.Recheck.Ticks, FirstRetry.Ticks << Math.Min(refusals - 1, 20)));

    /// <summary>Looks at the alias and loads what it points at; a version that was refused only when its time has come or the alias has moved. Failures are in <see cref="State"/>, not thrown.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await BringUpToDateAsync(force: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MlopsException || IsDisposed)
        {
            // It is in the state and in the log.
        }
    }

    public Task<int> RefreshAsync(CancellationToken cancellationToken = default) => BringUpToDateAsync(force: true, cancellationToken);

    public abstract void Dispose();

    /// <summary>Proves the model and publishes it. Owns the model from the call on, whatever happens.</summary>
    protected abstract void Publish(ILoadedModel loaded, ModelPackage package, int version);

    private async Task<int> BringUpToDateAsync(bool force, CancellationToken cancellationToken)
    {
        await single.WaitAsync(cancellationToken).ConfigureAwait(false);
        int? candidate = null;
        long? revision = null;
        try
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            var alias = await loader.GetAliasAsync(Model, Alias, cancellationToken).ConfigureAwait(false);
            (candidate, revision) = (alias.Version, alias.Revision);
            if (State.Version == candidate)
            {
                Accept(alias.Version);
            }
            else if (force || refusals == 0 || refusedRevision != revision || time.GetElapsedTime(refusedAt) >= NextLook)
            {
                await LoadAsync(alias.Version, cancellationToken).ConfigureAwait(false);
            }

            return State.Version ?? 0;
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested) && !IsDisposed)
        {
            throw Refuse(candidate, revision, e);
        }
        finally
        {
            single.Release();
        }
    }

    private async Task LoadAsync(int version, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        Log.Loading(log, Model, version, Alias);
        var (package, loaded) = await loader.LoadAsync(Model, version, cancellationToken).ConfigureAwait(false);
        Publish(loaded, package, version);
        var took = time.GetElapsedTime(start);
        Accept(version);
        metrics.Swapped(this, took);
        Log.Serving(log, Model, version, Alias, took.TotalMilliseconds);
    }

    private void Accept(int version)
    {
        (refusals, refusedRevision) = (0, null);
        Volatile.Write(ref state, new(version));
    }

    private MlopsException Refuse(int? candidate, long? revision, Exception e)
    {
        refusals = refusedRevision == revision ? refusals + 1 : 1;
        (refusedRevision, refusedAt) = (revision, time.GetTimestamp());
        var before = State;
        Volatile.Write(ref state, new(before.Version, candidate, e.Message));
        metrics.Refused(this);

        // Said once, and again when it is another version or another reason: a retry that ends as the one before is no news.
        if (before != State)
        {
            Log.Refused(log, Model, Alias, State.Describe());
        }

        return e is NotFoundException && candidate is null
            ? (NotFoundException)e
            : new MlopsException($"Model '{Model}', alias '{Alias}': {State.Describe()}", e) { Operation = "load model", IsTransient = e is MlopsException { IsTransient: true } };
    }
}
