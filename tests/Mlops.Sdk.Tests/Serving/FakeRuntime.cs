using System.Globalization;
using System.Text;
using Mlops.Sdk.Registry;
using Mlops.Sdk.Serving;

namespace Mlops.Sdk.Tests.Serving;

/// <summary>A model is the text of a number k and answers k + the input. It notices when a slot serves two calls at once or a disposed model is called.</summary>
internal sealed class FakeRuntime : IModelRuntime
{
    public const string Path = "model/number.txt";
    private int loaded;
    private int disposed;
    private int slots;
    private int misused;
    private int begun;

    public string Name => "fake";

    public int Loaded => Volatile.Read(ref loaded);

    public int LoadsBegun => Volatile.Read(ref begun);

    public int Live => Loaded - Volatile.Read(ref disposed);

    public int LiveSlots => Volatile.Read(ref slots);

    public int Misused => Volatile.Read(ref misused);

    /// <summary>Called within every prediction.</summary>
    public Action<Question> OnPredict { get; set; } = _ => { };

    /// <summary>Called within every load.</summary>
    public Func<Task> OnLoad { get; set; } = () => Task.CompletedTask;

    public async Task<ILoadedModel> LoadAsync(ModelPackage package, CancellationToken cancellationToken = default)
    {
        var text = Encoding.UTF8.GetString(await package.ReadAsync(Path, cancellationToken));
        Interlocked.Increment(ref begun);
        await OnLoad();
        var number = float.Parse(text, CultureInfo.InvariantCulture);
        Interlocked.Increment(ref loaded);
        return new Model(this, number);
    }

    private sealed class Model(FakeRuntime runtime, float number) : ILoadedModel
    {
        private int disposals;

        public bool IsDisposed => Volatile.Read(ref disposals) > 0;

        public FakeRuntime Runtime => runtime;

        public float Number => number;

        public IModelSlot<TIn, TOut> CreateSlot<TIn, TOut>()
            where TIn : class
            where TOut : class, new()
        {
            Interlocked.Increment(ref runtime.slots);
            return (IModelSlot<TIn, TOut>)(object)new Slot(this);
        }

        public void Dispose()
        {
            Interlocked.Increment(ref runtime.disposed);
            if (Interlocked.Increment(ref disposals) > 1)
            {
                Interlocked.Increment(ref runtime.misused);
            }
        }
    }

    private sealed class Slot(Model model) : IModelSlot<Question, Answer>
    {
        private int users;

        public Answer Predict(Question input)
        {
            if (Interlocked.Increment(ref users) > 1 || model.IsDisposed)
            {
                Interlocked.Increment(ref model.Runtime.misused);
            }

            try
            {
                model.Runtime.OnPredict(input);
                return new() { Value = model.Number + input.Number };
            }
            finally
            {
                if (model.IsDisposed)
                {
                    Interlocked.Increment(ref model.Runtime.misused);
                }

                Interlocked.Decrement(ref users);
            }
        }

        public void Dispose() => Interlocked.Decrement(ref model.Runtime.slots);
    }
}
