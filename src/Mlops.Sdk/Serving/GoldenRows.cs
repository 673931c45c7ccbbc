using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Mlops.Sdk.Registry;

namespace Mlops.Sdk.Serving;

/// <summary>Records and replays golden rows: the self-test that every host runs before it serves a package.</summary>
public static class GoldenRows
{
    private const string Reflects = "Golden rows are read and written by reflection over the row types.";

    /// <summary>A golden row of typed rows: public properties and fields by their names as declared, NaN and infinities included.</summary>
    /// <param name="input">The input.</param>
    /// <param name="expected">What the model answered to it.</param>
    /// <param name="tolerance">See <see cref="GoldenRow.Tolerance"/>.</param>
    [RequiresUnreferencedCode(Reflects)]
    [RequiresDynamicCode(Reflects)]
    public static GoldenRow Of<TIn, TOut>(TIn input, TOut expected, double tolerance = GoldenRow.DefaultTolerance)
        where TIn : class
        where TOut : class
    {
        var json = CreateJson();
        return new(JsonSerializer.SerializeToElement(input, json), JsonSerializer.SerializeToElement(expected, json), tolerance);
    }

    /// <summary>Runs rows through a slot.</summary>
    /// <exception cref="MlopsException">An answer is not the expected one; the message names the row and the first difference.</exception>
    [RequiresUnreferencedCode(Reflects)]
    [RequiresDynamicCode(Reflects)]
    public static void Prove<TIn, TOut>(IModelSlot<TIn, TOut> slot, IReadOnlyList<GoldenRow> rows)
        where TIn : class
        where TOut : class
    {
        ArgumentNullException.ThrowIfNull(rows);
        Prove(slot, rows, rows.Count, CreateJson());
    }

    [RequiresUnreferencedCode(Reflects)]
    [RequiresDynamicCode(Reflects)]
    internal static JsonSerializerOptions CreateJson() => new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Runs the first rows through a slot.</summary>
    /// <exception cref="MlopsException">An answer is not the expected one.</exception>
    internal static void Prove<TIn, TOut>(IModelSlot<TIn, TOut> slot, IReadOnlyList<GoldenRow> rows, int count, JsonSerializerOptions json)
        where TIn : class
        where TOut : class
    {
        for (var i = 0; i < Math.Min(count, rows.Count); i++)
        {
            var input = rows[i].Input.Deserialize((JsonTypeInfo<TIn>)json.GetTypeInfo(typeof(TIn)))
                ?? throw new MlopsException($"The input of golden row {i + 1} is null.");
            var actual = JsonSerializer.SerializeToElement(slot.Predict(input), (JsonTypeInfo<TOut>)json.GetTypeInfo(typeof(TOut)));
            if (rows[i].Difference(actual) is { } difference)
            {
                throw new MlopsException($"Golden row {i + 1} of {rows.Count} failed: {difference}. The model does not answer here as it did when it was packaged; compare the versions of the runtime and the row types of this host with those of the training.");
            }
        }
    }
}
