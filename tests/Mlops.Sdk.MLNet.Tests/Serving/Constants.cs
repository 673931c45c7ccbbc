using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mlops.Sdk.MLNet.Tests.Serving;

public sealed class X
{
    [ColumnName("x"), VectorType(1, 1)]
    public float[] Values { get; set; } = [0];
}

public sealed class Y
{
    [ColumnName("y"), VectorType(1, 1)]
    public float[] Values { get; set; } = [];
}

/// <summary>Models that add k to their input, with managed code alone or through an ONNX step with native memory.</summary>
internal static class Constants
{
    /// <param name="k">What the model adds.</param>
    /// <param name="onnxFile">Where to write the ONNX step, which ML.NET reads again when it saves the model; null for managed code alone.</param>
    public static (MLContext Context, ITransformer Model, DataViewSchema Schema) Fit(float k, string? onnxFile)
    {
        var context = new MLContext(1);
        var rows = context.Data.LoadFromEnumerable(new X[] { new() });
        if (onnxFile is null)
        {
            return (context, context.Transforms.Expression("y", string.Create(CultureInfo.InvariantCulture, $"(x) : x + {k}f"), "x").Fit(rows), rows.Schema);
        }

        File.WriteAllBytes(onnxFile, OnnxBytes.Add(k));
        return (context, context.Transforms.ApplyOnnxModel("y", "x", onnxFile).Fit(rows), rows.Schema);
    }
}
