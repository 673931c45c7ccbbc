using Microsoft.ML;
using Microsoft.ML.Data;

namespace Mlops.Sdk.Evaluation;

/// <summary>Evaluates ML.NET models on held-out rows.</summary>
public static class MLNetEvaluationExtensions
{
    /// <summary>Scores labelled rows in one pass, in their order. Only the columns that are returned are computed.</summary>
    /// <param name="model">A model with one number as its score: binary classification, regression, ranking or anomaly detection.</param>
    /// <param name="rows">The rows, with the label.</param>
    /// <param name="labelColumn">The name of the label.</param>
    /// <param name="cancellationToken">Cancels between rows.</param>
    /// <exception cref="ArgumentException">A column is missing or is not one number for each row; the message names it and what there is.</exception>
    public static ScoredRows Score(this ITransformer model, IDataView rows, string labelColumn = "Label", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        var scored = model.Transform(rows);
        var label = Required(scored.Schema, labelColumn);
        var score = Required(scored.Schema, "Score");
        var probability = scored.Schema.GetColumnOrNull("Probability");
        var predicted = scored.Schema.GetColumnOrNull("PredictedLabel");
        var capacity = (int)Math.Min(rows.GetRowCount() ?? 0, Array.MaxLength);
        List<(Func<double> Read, List<double> Values)> targets = [];
        using var cursor = scored.GetRowCursor(new[] { label, score, probability, predicted }.OfType<DataViewSchema.Column>());
        var (labels, scores) = (Target(label), Target(score));
        var probabilities = probability is { } p ? Target(p) : null;
        var predictions = predicted is { } l ? Target(l) : null;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            if ((row & 1023) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            foreach (var (read, values) in targets)
            {
                values.Add(read());
            }
        }

        return new(labels, scores) { Probabilities = probabilities, PredictedLabels = predictions };

        List<double> Target(DataViewSchema.Column column)
        {
            var values = new List<double>(capacity);
            targets.Add((Reader(cursor, column), values));
            return values;
        }
    }

    private static DataViewSchema.Column Required(DataViewSchema schema, string name) => schema.GetColumnOrNull(name)
        ?? throw new ArgumentException($"The scored rows have no column '{name}'. They have: {string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}.");

    private static Func<double> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        switch (column.Type)
        {
            case NumberDataViewType { RawType: var raw } when raw == typeof(float):
                var single = row.GetGetter<float>(column);
                return () =>
                {
                    float value = 0;
                    single(ref value);
                    return value;
                };
            case NumberDataViewType { RawType: var raw } when raw == typeof(double):
                var real = row.GetGetter<double>(column);
                return () =>
                {
                    double value = 0;
                    real(ref value);
                    return value;
                };
            case BooleanDataViewType:
                var boolean = row.GetGetter<bool>(column);
                return () =>
                {
                    var value = false;
                    boolean(ref value);
                    return value ? 1 : 0;
                };
            case KeyDataViewType { RawType: var raw } when raw == typeof(uint):
                var key = row.GetGetter<uint>(column);
                return () =>
                {
                    uint value = 0;
                    key(ref value);
                    return value;
                };
            default:
                throw new ArgumentException($"The column '{column.Name}' is {column.Type}; a Single, Double, Boolean or key of UInt32 is needed, one for each row.");
        }
    }
}
