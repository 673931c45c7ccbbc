namespace Mlops.Sdk.Evaluation;

/// <summary>Which direction of a metric is better.</summary>
public enum MetricGoal
{
    /// <summary>Greater is better, as for ROC AUC.</summary>
    Maximize,

    /// <summary>Smaller is better, as for a loss.</summary>
    Minimize,
}
