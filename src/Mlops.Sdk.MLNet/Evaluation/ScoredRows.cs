namespace Mlops.Sdk.Evaluation;

/// <summary>What a model says about labelled rows. All lists are in the order of the rows.</summary>
/// <param name="Labels">The truth: 0 or 1 for a Boolean label, the number of a key from 1, else the value.</param>
/// <param name="Scores">The raw score.</param>
public sealed record ScoredRows(IReadOnlyList<double> Labels, IReadOnlyList<double> Scores)
{
    /// <summary>The probability of the positive class, or null when the model gives none.</summary>
    public IReadOnlyList<double>? Probabilities { get; init; }

    /// <summary>The predicted label, in the coding of <see cref="Labels"/>, or null when the model gives none.</summary>
    public IReadOnlyList<double>? PredictedLabels { get; init; }
}
