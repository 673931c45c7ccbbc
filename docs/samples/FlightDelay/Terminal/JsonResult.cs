using System.Text.Json;
using FlightDelay.Steps;
using FlightDelay.Training;
using Mlops.Sdk.Pipelines;

namespace FlightDelay.Terminal;

/// <summary>The result for programs. A name that has no value is null: there is no model when there was too little data, and no alias when the gate did not pass.</summary>
internal sealed record JsonResult(
    long Rows,
    long Valid,
    long Quarantined,
    IReadOnlyDictionary<string, long> Reasons,
    string DatasetDigest,
    string? ModelDigest,
    int StepsExecuted,
    int StepsCached,
    string? Verdict,
    int? Version,
    string? Alias)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonResult Of(PipelineResult<TrainResult> result)
    {
        var (flights, model) = (result.Output.Flights, result.Output.Model);
        return new(
            flights.Rows,
            flights.ValidRows,
            flights.QuarantinedRows,
            flights.Reasons,
            flights.Valid.Digest.ToString(),
            model?.Best.Candidate.ModelDigest.ToString(),
            result.StepsExecuted,
            result.StepsCached,
            result.Output.Verdict.ToString(),
            model?.Version,
            model is not null && model.Version == model.Champion ? Champion.Alias : null);
    }

    public static JsonResult Of(PipelineResult<LeakResult> result)
    {
        var flights = result.Output.Flights;
        return new(flights.Rows, flights.ValidRows, flights.QuarantinedRows, flights.Reasons, flights.Valid.Digest.ToString(), null, result.StepsExecuted, result.StepsCached, null, null, null);
    }

    public override string ToString() => JsonSerializer.Serialize(this, Options);
}
