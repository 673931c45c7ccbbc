using Microsoft.ML;

namespace Mlops.Sdk.Benchmarks.Serving;

/// <summary>One prediction through <c>IPredictor</c>, contract and lease included, against the engine alone.</summary>
internal class PredictRatio(string name, int calls, Func<MLContext, (ITransformer Model, DataViewSchema Schema)> fit) : Ratio
{
    public override string Name => name;

    public override string Unit => "ns/call";

    public override string Better => "lower";

    public override string BaselineIs => "a bare warm PredictionEngine with the same model and rows, without a contract";

    public override long Rows => calls;

    public override int Rounds => 15;

    protected ServedModel Served { get; private set; } = null!;

    protected int Calls => calls;

    public override async Task SetupAsync() => Served = await ServedModel.CreateAsync(fit);

    public override Task<double> OursAsync() => Served.NanosecondsAsync(calls);

    public override Task<double> BaselineAsync() => Task.FromResult(Served.Bare.Nanoseconds(calls));

    public override async ValueTask DisposeAsync()
    {
        if (Served is not null)
        {
            await Served.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
