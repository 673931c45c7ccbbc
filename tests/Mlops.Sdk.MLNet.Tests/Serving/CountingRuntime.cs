using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.MLNet.Tests.Serving;

/// <summary>The ML.NET runtime, counting what it loaded and what was disposed.</summary>
internal sealed class CountingRuntime : IModelRuntime
{
    private readonly MLNetRuntime inner = new();
    private int loaded;
    private int live;

    public string Name => inner.Name;

    public int Loaded => Volatile.Read(ref loaded);

    public int Live => Volatile.Read(ref live);

    public async Task<ILoadedModel> LoadAsync(ModelPackage package, CancellationToken cancellationToken = default)
    {
        var model = await inner.LoadAsync(package, cancellationToken);
        Interlocked.Increment(ref loaded);
        Interlocked.Increment(ref live);
        return new Counted(model, this);
    }

    private sealed class Counted(ILoadedModel model, CountingRuntime runtime) : ILoadedModel
    {
        public IModelSlot<TIn, TOut> CreateSlot<TIn, TOut>()
            where TIn : class
            where TOut : class, new() => model.CreateSlot<TIn, TOut>();

        public void Dispose()
        {
            model.Dispose();
            Interlocked.Decrement(ref runtime.live);
        }
    }
}
