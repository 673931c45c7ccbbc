using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;

namespace Mlops.Sdk.Registry;

/// <summary>Golden rows by a prediction engine. Rows are JSON objects with the names of the members of the row types.</summary>
internal static class MLNetGoldenRows
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static IReadOnlyList<GoldenRow> Answer<TIn, TOut>(MLContext context, ITransformer model, IEnumerable<TIn> samples, double tolerance)
        where TIn : class
        where TOut : class, new()
    {
        using var engine = Engine<TIn, TOut>(context, model);
        return [.. samples.Select(input => new GoldenRow(JsonSerializer.SerializeToElement(input, Json), JsonSerializer.SerializeToElement(engine.Predict(input), Json), tolerance))];
    }

    /// <summary>Which row the model answers otherwise, and how; null when it reproduces all.</summary>
    public static string? Difference<TIn, TOut>(MLContext context, ITransformer model, IReadOnlyList<GoldenRow> rows)
        where TIn : class
        where TOut : class, new()
    {
        using var engine = Engine<TIn, TOut>(context, model);
        for (var i = 0; i < rows.Count; i++)
        {
            var input = rows[i].Input.Deserialize<TIn>(Json) ?? throw new ArgumentException($"Golden row {i + 1} is null.", nameof(rows));
            if (rows[i].Difference(JsonSerializer.SerializeToElement(engine.Predict(input), Json)) is { } difference)
            {
                return $"golden row {i + 1}: {difference}";
            }
        }

        return null;
    }

    // The engine must not own the model: disposing an engine that does would dispose it under everybody else's hands.
    private static PredictionEngine<TIn, TOut> Engine<TIn, TOut>(MLContext context, ITransformer model)
        where TIn : class
        where TOut : class, new() =>
        context.Model.CreatePredictionEngine<TIn, TOut>(model, new PredictionEngineOptions { OwnsTransformer = false });
}
