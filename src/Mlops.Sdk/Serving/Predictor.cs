using System.Text.Json;
using Microsoft.Extensions.Logging;
using Mlops.Sdk.Data;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>Serves the current generation.</summary>
internal sealed class Predictor<TIn, TOut>(
    string model, PredictorOptions<TIn> options, JsonSerializerOptions json, ModelLoader loader, ServingMetrics metrics, TimeProvider time, ILogger log)
    : AliasedModel(model, options, loader, metrics, time, log), IPredictor<TIn, TOut>
    where TIn : class
    where TOut : class, new()
{
    private readonly IRowCheck<TIn>? check = options.Check;
    private readonly Lock gate = new();
    private readonly List<Generation<TIn, TOut>> live = [];
    private long endedPredictions;
    private volatile Generation<TIn, TOut>? current;
    private volatile bool disposed;

    public override bool IsDisposed => disposed;

    public override int LiveGenerations
    {
        get
        {
            lock (gate)
            {
                return live.Count;
            }
        }
    }

    public override long Predictions
    {
        get
        {
            lock (gate)
            {
                return endedPredictions + live.Sum(generation => generation.Predictions);
            }
        }
    }

    public ValueTask<Prediction<TOut>> PredictAsync(TIn input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<Prediction<TOut>>(cancellationToken);
        }

        if (check is not null && !check.IsValid(input))
        {
            return new(Reject(check.Check(input)));
        }

        // Null only before the first version and after the last. A generation that closes between the two reads below has a successor by then.
        while (current is { } generation)
        {
            try
            {
                if (generation.TryPredict(input, out var output))
                {
                    return new(new Prediction<TOut>(output, generation.Version));
                }
            }
            catch (Exception e)
            {
                return Failed(generation.Version, e);
            }
        }

        return NotServed();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Generation<TIn, TOut>? last;
        lock (gate)
        {
            disposed = true;
            last = Interlocked.Exchange(ref current, null);
        }

        last?.Close();
    }

    protected override void Publish(ILoadedModel loaded, ModelPackage package, int version)
    {
        var next = new Generation<TIn, TOut>(loaded, version, 2 * Environment.ProcessorCount, Ended);
        lock (gate)
        {
            live.Add(next);
        }

        try
        {
            // The golden rows are the proof and the warm-up at once: all of them on one slot, one on each other.
            next.Warm(Environment.ProcessorCount, (slot, index) => GoldenRows.Prove(slot, package.GoldenRows, index == 0 ? package.GoldenRows.Count : 1, json));
        }
        catch
        {
            next.Close();
            throw;
        }

        Generation<TIn, TOut>? previous;
        lock (gate)
        {
            previous = disposed ? next : Interlocked.Exchange(ref current, next);
        }

        previous?.Close();
        ObjectDisposedException.ThrowIf(previous == next, this);
    }

    private void Ended(Generation<TIn, TOut> generation, Exception? error)
    {
        lock (gate)
        {
            live.Remove(generation);
            endedPredictions += generation.Predictions;
        }

        if (error is not null)
        {
            Log.DisposeFailed(Logger, Model, generation.Version, error);
        }
    }

    private Prediction<TOut> Reject(IReadOnlyList<Violation> violations)
    {
        Metrics.Rejected(this);
        return new(violations);
    }

    private ValueTask<Prediction<TOut>> Failed(int version, Exception e)
    {
        Metrics.Failed(this);
        return ValueTask.FromException<Prediction<TOut>>(
            new MlopsException($"Version {version} of model '{Model}' threw on an input. The inner exception is the model's; a rule of the contract can keep such inputs away.", e) { Operation = "predict" });
    }

    private ValueTask<Prediction<TOut>> NotServed() => ValueTask.FromException<Prediction<TOut>>(disposed
        ? new ObjectDisposedException(GetType().FullName, $"Model '{Model}' is no longer served, because its host has stopped.")
        : new MlopsException($"Model '{Model}', alias '{Alias}' {State.Describe()} Wait for the health check 'mlops-models', or call RefreshAsync.") { Operation = "predict", IsTransient = true });
}
