using System.Diagnostics.Metrics;

namespace Mlops.Sdk.Serving;

/// <summary>The instruments of serving. Predictions are counted where they happen and only read here, so counting costs a call nothing that other cores notice.</summary>
internal sealed class ServingMetrics
{
    private readonly Counter<long> rejections;
    private readonly Counter<long> failures;
    private readonly Counter<long> refusals;
    private readonly Histogram<double> loads;
    private readonly Lock gate = new();
    private readonly List<AliasedModel> models = [];

    public ServingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MlopsDiagnostics.MeterName);
        meter.CreateObservableCounter("mlops.predictor.predictions", () => Observe(model => model.Predictions), "{prediction}", "Predictions made, by model and alias.");
        meter.CreateObservableUpDownCounter("mlops.predictor.generations", () => Observe(model => model.LiveGenerations), "{generation}", "Models in memory; more than 1 only while calls into a replaced one are running.");
        rejections = meter.CreateCounter<long>("mlops.predictor.rejections", "{input}", "Inputs that broke the contract.");
        failures = meter.CreateCounter<long>("mlops.predictor.failures", "{input}", "Inputs on which the model threw.");
        refusals = meter.CreateCounter<long>("mlops.predictor.load.failures", "{load}", "Attempts to follow the alias that failed; what was served before is still served.");
        loads = meter.CreateHistogram<double>("mlops.predictor.load.duration", "s", "From noticing a version to serving it.");
    }

    public void Add(AliasedModel model)
    {
        lock (gate)
        {
            models.Add(model);
        }
    }

    public void Rejected(AliasedModel model) => rejections.Add(1, ModelTag(model), AliasTag(model));

    public void Failed(AliasedModel model) => failures.Add(1, ModelTag(model), AliasTag(model));

    public void Refused(AliasedModel model) => refusals.Add(1, ModelTag(model), AliasTag(model));

    public void Swapped(AliasedModel model, TimeSpan took) => loads.Record(took.TotalSeconds, ModelTag(model), AliasTag(model));

    private static KeyValuePair<string, object?> ModelTag(AliasedModel model) => new("mlops.model", model.Model);

    private static KeyValuePair<string, object?> AliasTag(AliasedModel model) => new("mlops.alias", model.Alias);

    private List<Measurement<long>> Observe(Func<AliasedModel, long> value)
    {
        lock (gate)
        {
            return models.ConvertAll(model => new Measurement<long>(value(model), ModelTag(model), AliasTag(model)));
        }
    }
}
