using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Mlops.Sdk.Serving;

/// <summary>
/// One loaded version with its slots. A call leases a slot, and the lease on the slot is the lease on the generation: the model is disposed when the generation is closed and the last slot came back.
/// Leases lie two cache lines apart, so that calls on different cores share nothing that changes.
/// </summary>
internal sealed class Generation<TIn, TOut>
    where TIn : class
    where TOut : class, new()
{
    private const long Free = 0;
    private const long Taken = 1;
    private const long Closed = 2;
    private const int Stride = 16;

    private readonly ILoadedModel model;
    private readonly Action<Generation<TIn, TOut>, Exception?> ended;
    private readonly IModelSlot<TIn, TOut>?[] slots;

    // For slot i, the lease is at (i + 1) × Stride and the number of its predictions beside it.
    private readonly long[] leases;
    private long surplusPredictions;
    private int open;

    /// <param name="model">The model, owned from here on.</param>
    /// <param name="version">Its version.</param>
    /// <param name="capacity">At most this many slots are kept.</param>
    /// <param name="ended">Called once, after everything was disposed, with what disposing threw.</param>
    public Generation(ILoadedModel model, int version, int capacity, Action<Generation<TIn, TOut>, Exception?> ended)
    {
        this.model = model;
        this.ended = ended;
        Version = version;
        slots = new IModelSlot<TIn, TOut>?[1 << BitOperations.Log2((uint)capacity)];
        leases = new long[(slots.Length + 1) * Stride];
        open = slots.Length;
    }

    public int Version { get; }

    /// <summary>How many predictions it has made; a little behind while calls are running.</summary>
    public long Predictions
    {
        get
        {
            var sum = Interlocked.Read(ref surplusPredictions);
            for (var i = 0; i < slots.Length; i++)
            {
                sum += Volatile.Read(ref leases[((i + 1) * Stride) + 1]);
            }

            return sum;
        }
    }

    /// <summary>Makes the first slots before anybody waits for them, and hands each to <paramref name="use"/> with its index. Only before the generation is published.</summary>
    public void Warm(int count, Action<IModelSlot<TIn, TOut>, int> use)
    {
        for (var i = 0; i < Math.Clamp(count, 1, slots.Length); i++)
        {
            use(slots[i] = model.CreateSlot<TIn, TOut>(), i);
        }
    }

    /// <summary>Predicts; false when the generation is closed, which means that a newer one is published.</summary>
    public bool TryPredict(TIn input, [NotNullWhen(true)] out TOut? output)
    {
        var slot = Thread.GetCurrentProcessorId() & (slots.Length - 1);
        return TryPredictIn(slot, input, out output) || TryPredictElsewhere(slot, input, out output);
    }

    /// <summary>Lets no further call in, and disposes what is idle; the calls that are running dispose the rest when they end. Call once.</summary>
    public void Close()
    {
        for (var i = 0; i < slots.Length; i++)
        {
            if (Interlocked.Or(ref leases[(i + 1) * Stride], Closed) == Free)
            {
                Release(slots[i]);
            }
        }
    }

    private bool TryPredictIn(int slot, TIn input, [NotNullWhen(true)] out TOut? output)
    {
        var lease = (slot + 1) * Stride;
        if (Interlocked.CompareExchange(ref leases[lease], Taken, Free) != Free)
        {
            output = null;
            return false;
        }

        try
        {
            output = (slots[slot] ??= model.CreateSlot<TIn, TOut>()).Predict(input);
            leases[lease + 1]++;
            return true;
        }
        finally
        {
            if (Interlocked.CompareExchange(ref leases[lease], Free, Taken) != Taken)
            {
                Release(slots[slot]);
            }
        }
    }

    private bool TryPredictElsewhere(int taken, TIn input, [NotNullWhen(true)] out TOut? output)
    {
        for (var i = 1; i < slots.Length; i++)
        {
            if (TryPredictIn((taken + i) & (slots.Length - 1), input, out output))
            {
                return true;
            }
        }

        output = null;
        return (Volatile.Read(ref leases[Stride]) & Closed) == 0 && TryLeaseSurplus() && PredictInSurplus(input, out output);
    }

    /// <summary>More calls than slots: threads that were suspended hold them all. Making one costs less than waiting for the scheduler.</summary>
    private bool PredictInSurplus(TIn input, out TOut output)
    {
        IModelSlot<TIn, TOut>? slot = null;
        try
        {
            slot = model.CreateSlot<TIn, TOut>();
            output = slot.Predict(input);
            Interlocked.Increment(ref surplusPredictions);
            return true;
        }
        finally
        {
            Release(slot);
        }
    }

    private bool TryLeaseSurplus()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref open);
            if (seen == 0)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref open, seen + 1, seen) != seen);
        return true;
    }

    private void Release(IModelSlot<TIn, TOut>? slot)
    {
        Exception? error = null;
        try
        {
            slot?.Dispose();
        }
        catch (Exception e)
        {
            error = e;
        }

        if (Interlocked.Decrement(ref open) > 0)
        {
            return;
        }

        try
        {
            model.Dispose();
        }
        catch (Exception e)
        {
            error = e;
        }

        ended(this, error);
    }
}
